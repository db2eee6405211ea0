import { describe } from 'vitest';

import { choiceContract } from './choices.ts';
import { chunkContract } from './chunks.ts';
import { damageContract } from './damage.ts';
import { lateContract } from './late.ts';
import { roundTripContract } from './round-trips.ts';
import { sinkContract } from './sinks.ts';
import { sourceContract, streamContract } from './sources.ts';
import type { FormatSubject } from './subject.ts';

/**
 * What every format keeps to, as tests of vitest: to be called in a test file of the package that
 * makes the format. What differs from format to format is said in the subject.
 */
export function formatContract(subject: FormatSubject): void {
  describe(`${subject.format.name}: the contract`, () => {
    describe('what is written is read again', () => {
      roundTripContract(subject);
    });
    describe('what is asked for is read', () => {
      choiceContract(subject);
    });
    describe('columns and types that come late', () => {
      lateContract(subject);
    });
    describe('sources', () => {
      sourceContract(subject);
      if (subject.format.capabilities.randomAccess === 'unused') streamContract(subject);
    });
    describe.runIf(subject.format.capabilities.randomAccess === 'unused')('chunks', () => {
      chunkContract(subject);
    });
    describe('sinks', () => {
      sinkContract(subject);
    });
    describe('damage', () => {
      damageContract(subject);
    });
  });
}

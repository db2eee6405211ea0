import { describe } from 'vitest';

import { damageContract } from './damage.ts';
import { endingContract } from './endings.ts';
import { lifeContract } from './life.ts';
import { roundTripContract } from './round-trips.ts';
import type { Subject } from './subject.ts';

/** What every codec keeps to. Where a codec cannot run, the name of the skipped tests says why. */
export function codecContract(subject: Subject): void {
  const { codec, unavailable } = subject;
  describe.skipIf(unavailable !== undefined)(`${codec}: ${unavailable ?? 'the contract'}`, () => {
    describe('sizes and chunks', () => {
      roundTripContract(subject);
    });
    describe('endings', () => {
      endingContract(subject);
    });
    describe('damage', () => {
      damageContract(subject);
    });
    describe('life of a run', () => {
      lifeContract(subject);
    });
  });
}

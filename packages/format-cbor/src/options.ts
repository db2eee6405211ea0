import type { CommonWriteOptions } from '@x/formats';
import { oneOf, planSequence, type SequencePlan, type SequenceReadOptions } from '@x/formats/rows';

export const format = 'cbor';

export interface CborReadOptions extends SequenceReadOptions {
  /** A tag that is not known here. `ignore` reads the value as if it were not there. Default `error`. */
  readonly unknownTags?: 'error' | 'ignore';
}

export interface CborWriteOptions extends CommonWriteOptions {
  /**
   * What rows are: maps that follow each other (a CBOR sequence, RFC 8742), or items of one list of
   * indefinite length. Default `sequence`.
   */
  readonly layout?: 'sequence' | 'list';
}

export interface ReadPlan extends SequencePlan {
  readonly ignoresUnknownTags: boolean;
}

export interface WritePlan {
  readonly layout: 'sequence' | 'list';
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: CborReadOptions): ReadPlan {
  return {
    ...planSequence(format, options),
    ignoresUnknownTags: oneOf(format, 'unknownTags', options.unknownTags, ['error', 'ignore']) === 'ignore',
  };
}

/** @throws {FormatError} BAD_OPTION */
export function planWrite(options: CborWriteOptions): WritePlan {
  return { layout: oneOf(format, 'layout', options.layout, ['sequence', 'list']) };
}

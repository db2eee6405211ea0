import type { CommonWriteOptions } from '@x/formats';
import { oneOf, planSequence, type SequencePlan, type SequenceReadOptions } from '@x/formats/rows';

export const format = 'msgpack';

export interface MsgpackReadOptions extends SequenceReadOptions {
  /**
   * A value of an extension that is not MessagePack's own. `bytes` reads what is in it, and forgets its
   * number. Default `error`.
   */
  readonly extensions?: 'error' | 'bytes';
}

export type MsgpackWriteOptions = CommonWriteOptions;

export interface ReadPlan extends SequencePlan {
  readonly readsExtensions: boolean;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: MsgpackReadOptions): ReadPlan {
  return {
    ...planSequence(format, options),
    readsExtensions: oneOf(format, 'extensions', options.extensions, ['error', 'bytes']) === 'bytes',
  };
}

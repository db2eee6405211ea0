import type { CommonReadOptions } from '../contract.ts';
import { count, oneOf } from '../option-checks.ts';
import { tellsOfWanted } from '../row-plan.ts';
import type { KeyedRowsPlan } from './keyed-rows.ts';

/** What a reader of records with keys of their own can be told. */
export interface KeyedReadOptions extends CommonReadOptions {
  /** A key that none of the first `scanLimit` records has. Default `extend`: a further column. */
  readonly onExtraKey?: 'extend' | 'error' | 'drop';
}

/** @throws {FormatError} BAD_OPTION */
export function planKeyed(format: string, options: KeyedReadOptions): KeyedRowsPlan {
  const onExtraKey = oneOf(format, 'onExtraKey', options.onExtraKey, ['extend', 'error', 'drop']);
  return {
    format,
    // Who says which columns to read has said what to do with the others.
    onExtraKey: options.columns === undefined ? onExtraKey : 'drop',
    onPartialRow: options.columns === undefined ? tellsOfWanted(options) : undefined,
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
  };
}

import type { CommonReadOptions } from './contract.ts';
import { count, oneOf } from './option-checks.ts';
import { checkTypes } from './typing/asked-types.ts';

/** The options of every reader with their defaults, checked. */
export interface RowPlan {
  readonly format: string;
  readonly columns: readonly string[] | undefined;
  readonly skip: number;
  readonly limit: number;
  readonly batchSize: number;
  readonly scanLimit: number;
  readonly onTypeMismatch: 'error' | 'widen';
  readonly onBadRow: CommonReadOptions['onBadRow'];
  readonly onPartialRow: CommonReadOptions['onPartialRow'];
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes. */
export function planRows(format: string, options: CommonReadOptions): RowPlan {
  checkTypes(options.types, format);
  return {
    format,
    columns: options.columns,
    skip: count(format, 'skip', options.skip, 0, 0),
    limit: count(format, 'limit', options.limit, Number.POSITIVE_INFINITY, 0),
    batchSize: count(format, 'batchSize', options.batchSize, 50_000, 1),
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
    onTypeMismatch: oneOf(format, 'onTypeMismatch', options.onTypeMismatch, ['error', 'widen']),
    onBadRow: options.onBadRow,
    onPartialRow: tellsOfWanted(options),
  };
}

/** Tells of the rows that are given on, of which more may have been read. */
export function tellsOfWanted(options: CommonReadOptions): CommonReadOptions['onPartialRow'] {
  const { onPartialRow, skip = 0, limit = Number.POSITIVE_INFINITY } = options;
  if (onPartialRow === undefined) return undefined;
  return (row, column) => {
    if (row > skip && row <= skip + limit) onPartialRow(row, column);
  };
}

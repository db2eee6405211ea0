import { FormatError } from '../format-error.ts';
import { count, oneOf } from '../option-checks.ts';
import { planRows, type RowPlan, tellsOfWanted } from '../row-plan.ts';
import type { JsonReadOptions } from './options.ts';
import { defaultMaxDepth } from './parse.ts';
import type { RecordPolicies, Sequence } from './records.ts';

/** The kernel keeps track of so many levels. */
const deepest = 1024;

/** The read options with their defaults, checked. */
export interface JsonReadPlan extends RowPlan, RecordPolicies {
  readonly format: string;
  readonly onBadRow: RowPlan['onBadRow'];
  readonly sequence: Sequence;
  readonly path: readonly string[];
  readonly types: JsonReadOptions['types'];
  readonly nullValues: readonly string[];
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes. */
export function planJsonRead(format: string, sequence: Sequence, options: JsonReadOptions): JsonReadPlan {
  const { path = [], columns } = options;
  const maxDepth = count(format, 'maxDepth', options.maxDepth, defaultMaxDepth, 1);
  if (maxDepth > deepest) {
    throw new FormatError('BAD_OPTION', `maxDepth is ${maxDepth}`, {
      format,
      hint: `it takes a whole number from 1 to ${deepest}`,
    });
  }
  const onExtraKey = oneOf(format, 'onExtraKey', options.onExtraKey, ['extend', 'error', 'drop']);
  return {
    ...planRows(format, options),
    sequence,
    maxDepth,
    path: typeof path === 'string' ? path.split('.') : path,
    types: options.types,
    nullValues: options.nullValues ?? [],
    // Who says which columns to read has said what to do with the others.
    onExtraKey: columns === undefined ? onExtraKey : 'drop',
    onPartialRow: columns === undefined ? tellsOfWanted(options) : undefined,
    maxColumns: count(format, 'maxColumns', options.maxColumns, 10_000, 1),
    maxRecordBytes: count(format, 'maxRecordBytes', options.maxRecordBytes, 64 * 1024 * 1024, 1),
  };
}

import { count, flag, oneOf } from '../option-checks.ts';
import { planRows, type RowPlan } from '../row-plan.ts';
import { byteDialect, type DialectOptions } from './dialect.ts';
import type { CsvReadOptions } from './options.ts';

/** The read options with their defaults, checked. */
export interface CsvReadPlan extends RowPlan {
  readonly dialect: DialectOptions;
  readonly header: boolean;
  readonly skipLines: number;
  readonly nullValues: readonly string[];
  readonly types: NonNullable<CsvReadOptions['types']>;
  readonly onRagged: NonNullable<CsvReadOptions['onRagged']>;
  readonly onDuplicateColumn: 'error' | 'rename';
  readonly onEmptyColumnName: 'error' | 'rename';
  readonly maxRecordBytes: number;
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes. */
export function planCsvRead(format: string, delimiter: string, options: CsvReadOptions): CsvReadPlan {
  const { types = 'text', quote, escape, comment } = options;
  const nullValues = options.nullValues ?? (types === 'text' ? [] : ['']);
  const dialect = { delimiter: options.delimiter ?? delimiter, quote, escape, comment, nullValues };
  // Says at once what is wrong with it.
  byteDialect(format, dialect.delimiter === 'auto' ? { ...dialect, delimiter } : dialect);
  return {
    ...planRows(format, options),
    dialect,
    nullValues,
    types,
    header: flag(format, 'header', options.header, true),
    skipLines: count(format, 'skipLines', options.skipLines, 0, 0),
    onRagged: oneOf(format, 'onRagged', options.onRagged, ['error', 'pad', 'truncate', 'skip']),
    onDuplicateColumn: oneOf(format, 'onDuplicateColumn', options.onDuplicateColumn, ['error', 'rename']),
    onEmptyColumnName: oneOf(format, 'onEmptyColumnName', options.onEmptyColumnName, ['error', 'rename']),
    maxRecordBytes: count(format, 'maxRecordBytes', options.maxRecordBytes, 64 * 1024 * 1024, 1),
  };
}

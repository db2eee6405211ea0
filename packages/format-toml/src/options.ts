import { type CommonWriteOptions, type EncodingOptions, FormatError } from '@x/formats';
import { count, type KeyedReadOptions, type KeyedRowsPlan, planKeyed } from '@x/formats/rows';

export const format = 'toml';

export interface TomlReadOptions extends KeyedReadOptions, EncodingOptions {
  /**
   * Where the rows are: the name of an array of tables, with dots where it is inside of others. Default the only
   * one that there is; a document without any is one row.
   */
  readonly table?: string;
  /** Lists and tables inside each other. Default 256. */
  readonly maxDepth?: number;
  /**
   * Bytes that a row may have, with all that is below it; and a document without `[[rows]]`, which is in memory as
   * a whole. Default 1 MiB, which takes about 300 MiB at worst.
   */
  readonly maxRecordBytes?: number;
}

export interface TomlWriteOptions extends CommonWriteOptions {
  /** The name of the array of tables. Default `rows`. */
  readonly table?: string;
}

export interface ReadPlan extends KeyedRowsPlan {
  readonly path: readonly string[];
  readonly maxDepth: number;
  readonly maxRecordBytes: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: TomlReadOptions): ReadPlan {
  return {
    ...planKeyed(format, options),
    path: options.table === undefined ? [] : options.table.split('.'),
    maxDepth: count(format, 'maxDepth', options.maxDepth, 256, 1),
    maxRecordBytes: count(format, 'maxRecordBytes', options.maxRecordBytes, 1024 * 1024, 1),
  };
}

/** The name of the table. @throws {FormatError} BAD_OPTION */
export function planWrite({ table = 'rows' }: TomlWriteOptions): string {
  if (/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(table)) return table;
  const hint = 'it takes names of letters, digits, underscores and hyphens, with dots in between';
  throw new FormatError('BAD_OPTION', `table is ${JSON.stringify(table)}`, { format, hint });
}

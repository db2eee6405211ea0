import { type CommonReadOptions, FormatError } from '@x/formats';
import { flag, type TableWriteOptions } from '@x/formats/rows';

export const format = 'sqlite';

export interface SqliteReadOptions extends CommonReadOptions {
  /** The table or view to read. Default the only one. */
  readonly table?: string;
  /** The query to read, in place of a table. The database cannot be changed by it. */
  readonly query?: string;
  /**
   * Whether columns that are declared as BOOLEAN, DATE, TIMESTAMP or JSON, or as this package declares
   * them, are read as that; else values are what SQLite stores. Default true.
   */
  readonly declaredTypes?: boolean;
}

export interface SqliteWriteOptions extends TableWriteOptions {
  /** Name of the table. Default `data`. */
  readonly table?: string;
}

/** @throws {FormatError} BAD_OPTION */
export function checkRead({ table, query, declaredTypes }: SqliteReadOptions): void {
  flag(format, 'declaredTypes', declaredTypes, true);
  if (table === undefined || query === undefined) return;
  throw new FormatError('BAD_OPTION', 'both table and query are given', { format, hint: 'name one of them' });
}

/** @throws {FormatError} BAD_OPTION */
export function tableOf({ table = 'data' }: SqliteWriteOptions): string {
  if (table !== '' && !/^sqlite_/i.test(table) && !table.includes('\0')) return table;
  throw new FormatError('BAD_OPTION', `table is ${JSON.stringify(table)}`, {
    format,
    hint: 'it takes a name that does not begin with sqlite_',
  });
}

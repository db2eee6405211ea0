import { createRequire } from 'node:module';
import type * as Sqlite from 'node:sqlite';

import { FormatError } from '@x/formats';

import { format } from './options.ts';

export type Database = Sqlite.DatabaseSync;

/**
 * The SQLite of this Node.js, loaded when it is needed.
 *
 * @throws {FormatError} UNAVAILABLE
 */
export function engine(): typeof Sqlite {
  let found: typeof Sqlite | undefined;
  try {
    found = createRequire(import.meta.url)('node:sqlite') as typeof Sqlite;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw error;
  }
  // Rows as lists, without which two columns of one name would be one.
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- the types are those of a newer Node.js
  if (found?.StatementSync.prototype.setReturnArrays !== undefined) return found;
  throw new FormatError(
    'UNAVAILABLE',
    `Node.js ${process.versions.node} has no SQLite that can be used here`,
    {
      format,
      hint: 'run it with Node.js 22.16 or newer',
    },
  );
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

interface SqliteError extends Error {
  readonly errcode: number;
  readonly errstr: string;
}

export function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

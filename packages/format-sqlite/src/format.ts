import type { Format } from '@x/formats';
import { RowsReader, TableWriter } from '@x/formats/rows';

import { DatabaseEncoder } from './database-encoder.ts';
import { DatabaseSource } from './database-source.ts';
import { checkRead, format, type SqliteReadOptions, type SqliteWriteOptions, tableOf } from './options.ts';

/** Databases of SQLite 3. */
export const sqlite = (): Format<SqliteReadOptions, SqliteWriteOptions> => ({
  name: format,
  extensions: ['.sqlite', '.sqlite3', '.db'],
  mediaTypes: ['application/vnd.sqlite3'],
  magic: Buffer.from('SQLite format 3\0', 'latin1'),
  capabilities: { read: true, write: true, typed: true, nested: false, randomAccess: 'unused' },
  optionNames: {
    read: { table: true, query: true, declaredTypes: true },
    write: { table: true, onExtraKey: true },
  },
  createReader: (bytes, options = {}) => {
    checkRead(options);
    return new RowsReader(format, new DatabaseSource(bytes, options), options);
  },
  createWriter: (sink, options = {}) =>
    new TableWriter(format, new DatabaseEncoder(sink, tableOf(options)), options),
});

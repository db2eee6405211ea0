import { writeSync } from 'node:fs';
import type { SQLOutputValue, StatementSync } from 'node:sqlite';

import { type ByteSource, type Column, type DataType, FormatError, type Value } from '@x/formats';
import {
  BadRow,
  ByteReader,
  numberValue,
  parseDate,
  parseJson,
  parseTimestamp,
  type RowChunk,
  type RowSource,
} from '@x/formats/rows';

import { declaredType } from './declared-type.ts';
import { type Database, engine, isSqliteError, quoted } from './engine.ts';
import { format, type SqliteReadOptions } from './options.ts';
import { TempDatabase } from './temp-database.ts';

const magic = Buffer.from('SQLite format 3\0', 'latin1');
const headerBytes = 100;
const rowsAChunk = 1024;

/** Reads a table or a query. SQLite needs a file, so the bytes are kept in a temporary one. */
export class DatabaseSource implements RowSource {
  readonly #bytes: ByteReader;
  readonly #options: SqliteReadOptions;
  #temp: TempDatabase | undefined;
  #database: Database | undefined;
  #statement: StatementSync | undefined;
  #columns: readonly Column[] = [];

  constructor(bytes: ByteSource, options: SqliteReadOptions) {
    this.#bytes = new ByteReader(bytes, format);
    this.#options = options;
  }

  async open(): Promise<readonly Column[]> {
    const { DatabaseSync } = engine();
    this.#temp = new TempDatabase();
    await this.#spool(this.#temp.open());
    return this.#guarded(() => {
      this.#database = new DatabaseSync(this.#temp!.path, { readOnly: true });
      // The file may come from anybody.
      this.#database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0');
      const query = this.#options.query ?? this.#queryOfTable(this.#database);
      this.#temp!.hide();
      if (query === undefined) return [];
      this.#statement = this.#prepared(this.#database, query);
      const { declaredTypes = true } = this.#options;
      this.#columns = this.#statement.columns().map(({ name, type }) => {
        return { name, type: declaredTypes ? declaredType(type) : { kind: 'any' } };
      });
      this.#checkNames();
      return this.#columns;
    });
  }

  async *chunks(wanted: readonly number[]): AsyncGenerator<RowChunk> {
    if (this.#statement === undefined) return;
    const rows = this.#guarded(() => this.#statement!.iterate()) as unknown as Iterator<
      readonly SQLOutputValue[]
    >;
    for (;;) {
      const chunk: (readonly Value[] | BadRow)[] = [];
      const isDone = this.#guarded(() => {
        for (let next = rows.next(); next.done !== true; next = rows.next()) {
          chunk.push(this.#rowOf(next.value, wanted));
          if (chunk.length === rowsAChunk) return false;
        }
        return true;
      });
      if (chunk.length > 0) yield { rows: chunk };
      if (isDone) return;
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#database?.isOpen === true) this.#database.close();
    } finally {
      this.#temp?.close();
      this.#temp = undefined;
      await this.#bytes.close();
    }
  }

  async #spool(descriptor: number): Promise<void> {
    const header = Buffer.from(await this.#bytes.peek(headerBytes));
    if (
      !header.subarray(0, magic.length).equals(magic.subarray(0, header.length)) ||
      header.length < headerBytes
    ) {
      const isCut =
        header.length > 0 && magic.subarray(0, header.length).equals(header.subarray(0, magic.length));
      throw corrupt(
        isCut ? 'TRUNCATED' : 'CORRUPT',
        isCut ? 'the file ends in the middle' : 'the file is no database of SQLite',
      );
    }
    for (let chunk = await this.#bytes.chunk(); chunk !== undefined; chunk = await this.#bytes.chunk()) {
      for (let done = 0; done < chunk.length;) done += writeSync(descriptor, chunk, done);
    }
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    if (header.readUInt32BE(28) * pageBytes > this.#bytes.position)
      throw corrupt('TRUNCATED', 'the file ends in the middle');
  }

  /** Undefined when the database is empty. */
  #queryOfTable(database: Database): string | undefined {
    const known = database
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
      )
      .all()
      .map(({ name }) => String(name));
    const { table } = this.#options;
    const found =
      table === undefined ? known[0] : known.find((name) => name.toLowerCase() === table.toLowerCase());
    if (found !== undefined && (table !== undefined || known.length === 1))
      return `SELECT * FROM ${quoted(found)}`;
    if (table === undefined && known.length === 0) return undefined;
    const what =
      table === undefined ? 'there are several tables' : `there is no table ${JSON.stringify(table)}`;
    throw new FormatError('BAD_OPTION', what, {
      format,
      hint: `say with table which to read: ${known.map((name) => JSON.stringify(name)).join(', ')}`,
    });
  }

  #prepared(database: Database, query: string): StatementSync {
    try {
      const statement = database.prepare(query);
      statement.setReadBigInts(true);
      statement.setReturnArrays(true);
      return statement;
    } catch (error) {
      if (this.#options.query === undefined || !isSqliteError(error)) throw error;
      throw new FormatError('BAD_OPTION', `the query does not work: ${error.message}`, {
        format,
        cause: error,
      });
    }
  }

  #checkNames(): void {
    const seen = new Set<string>();
    for (const { name } of this.#columns) {
      if (seen.has(name)) {
        throw new FormatError('DUPLICATE_COLUMN', `two columns are called ${JSON.stringify(name)}`, {
          format,
          field: name,
          hint: 'name them apart with AS in the query',
        });
      }
      seen.add(name);
    }
  }

  #rowOf(stored: readonly SQLOutputValue[], wanted: readonly number[]): readonly Value[] | BadRow {
    const row: Value[] = stored.map(() => null);
    for (const column of wanted) {
      const { name, type } = this.#columns[column]!;
      const value = plain(stored[column]!);
      const found = value === null ? null : valueOf(value, type);
      if (found === undefined) {
        const error = new FormatError(
          'TYPE_MISMATCH',
          `${shown(value)} is stored in a column of ${type.kind}`,
          {
            format,
            field: name,
            hint: 'read what is stored, whatever is declared, with declaredTypes: false',
          },
        );
        return new BadRow(error, Buffer.from(stored.map(shown).join(', ')));
      }
      row[column] = found;
    }
    return row;
  }

  /** Says of an error of SQLite that the file is damaged. */
  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      throw corrupt('CORRUPT', `the database cannot be read: ${error.message}`, error);
    }
  }
}

type Stored = string | number | bigint | Uint8Array;

function plain(value: SQLOutputValue): Stored | null {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The value that is stored, as the declared type has it; undefined when it is none of it. */
function valueOf(value: Stored, type: DataType): Value {
  switch (type.kind) {
    case 'boolean':
      return value === 0 || value === 1 ? value === 1 : undefined;
    case 'date':
      return typeof value === 'string' ? parseDate(value) : undefined;
    case 'timestamp':
      return typeof value === 'string' ? parseTimestamp(value) : undefined;
    case 'json':
      return typeof value === 'string' ? parseJson(value) : undefined;
    case 'decimal':
      return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? numberValue(value) : undefined;
    default:
      return value;
  }
}

function shown(value: Stored | null): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
}

function corrupt(code: 'CORRUPT' | 'TRUNCATED', what: string, cause?: unknown): FormatError {
  return new FormatError(code, what, { format, hint: 'get the file once more from where it came', cause });
}

import { readSync } from 'node:fs';
import type { SQLInputValue, StatementSync } from 'node:sqlite';

import { type ByteSink, type Column, type DataType, Decimal, FormatError, type Value } from '@x/formats';
import {
  type CellPlace,
  checkText,
  decimalText,
  jsonOf,
  numberText,
  settledColumns,
  type TableEncoder,
  textOf,
  unscaledOf,
} from '@x/formats/rows';

import { declarationOf } from './declared-type.ts';
import { type Database, engine, isSqliteError, quoted } from './engine.ts';
import { format } from './options.ts';
import { TempDatabase } from './temp-database.ts';

const chunkBytes = 256 * 1024;

/** Fills a table in a fresh database, in a temporary file, whose bytes go to the sink in the end. */
export class DatabaseEncoder implements TableEncoder {
  readonly needsColumns = true;
  readonly #sink: ByteSink;
  readonly #table: string;
  #temp: TempDatabase | undefined;
  #descriptor = 0;
  #database: Database | undefined;
  #insert: StatementSync | undefined;
  #columns: readonly Column[] = [];

  constructor(sink: ByteSink, table: string) {
    this.#sink = sink;
    this.#table = table;
  }

  begin(columns: readonly Column[], rows: () => Iterable<readonly Value[]>): void {
    const { DatabaseSync } = engine();
    checkNames(columns);
    this.#columns = settledColumns(columns, rows);
    this.#temp = new TempDatabase();
    this.#descriptor = this.#temp.open();
    const database = new DatabaseSync(this.#temp.path);
    this.#database = database;
    // Nobody else sees the file, and it is thrown away when anything fails.
    database.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN',
    );
    if (columns.length > 0) this.#createTable(database);
    // Without a table, and without this, there would be no file.
    else database.exec('PRAGMA user_version = 1');
    this.#temp.hide();
  }

  addRow(values: readonly Value[], row: number): void {
    const bound = this.#columns.map(({ name, type }, i): SQLInputValue => {
      const value = values[i];
      if (value === null || value === undefined) return null;
      return boundValue(value, { format, row, field: name, type }, type);
    });
    this.#insert?.run(...bound);
  }

  drain(): void {
    // All of it is handed on in the end.
  }

  async end(): Promise<void> {
    try {
      this.#database!.exec('COMMIT');
      this.#database!.close();
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (let at = 0; ;) {
        const length = readSync(this.#descriptor, buffer, 0, chunkBytes, at);
        if (length === 0) return;
        await this.#sink.write(buffer.subarray(0, length));
        at += length;
      }
    } finally {
      this.discard();
    }
  }

  discard(): void {
    if (this.#database?.isOpen) this.#database.close();
    this.#temp?.close();
  }

  #createTable(database: Database): void {
    const table = quoted(this.#table);
    const columns = this.#columns.map(({ name, type }) => `${quoted(name)} ${declarationOf(type)}`);
    try {
      database.exec(`CREATE TABLE ${table} (${columns.join(', ')})`);
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      const hint = 'a table has 2000 columns at most: leave some out with columns';
      throw new FormatError('UNREPRESENTABLE', `SQLite does not take the columns: ${error.message}`, {
        format,
        hint,
        cause: error,
      });
    }
    this.#insert = database.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
  }
}

/** @throws {FormatError} UNREPRESENTABLE for names that are one to SQLite. */
function checkNames(columns: readonly Column[]): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    checkText(name, () => ({ format, row: 0, field: name }));
    const lower = name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    const other = seen.get(lower);
    if (other !== undefined || name.includes('\0')) {
      const what =
        other === undefined ? 'cannot be a name' : `is the same as ${JSON.stringify(other)} to SQLite`;
      throw new FormatError('UNREPRESENTABLE', `the column ${JSON.stringify(name)} ${what}`, {
        format,
        field: name,
        hint: 'rename it',
      });
    }
    seen.set(lower, name);
  }
}

function boundValue(
  value: Exclude<Value, null | undefined>,
  place: CellPlace,
  type: DataType,
): SQLInputValue {
  const bound = boundOf(value, place, type);
  if (bound === undefined) {
    const shown =
      typeof value === 'object' && !Decimal.is(value) && !(value instanceof Date)
        ? 'a value'
        : JSON.stringify(textOf(value, { format: '', row: 0, field: '' }).slice(0, 60));
    throw new FormatError('UNREPRESENTABLE', `${shown} is no ${type.kind} that SQLite holds`, {
      ...place,
      hint: 'give the column a type that holds all its values with types, or look at more rows with scanLimit',
    });
  }
  if (typeof bound === 'string') checkText(bound, () => place);
  return bound;
}

function boundOf(
  value: Exclude<Value, null | undefined>,
  place: CellPlace,
  type: DataType,
): SQLInputValue | undefined {
  switch (type.kind) {
    case 'string':
    case 'time':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'integer':
      // A number is stored as a double, a bigint as an integer.
      if (typeof value === 'number')
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : undefined;
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined;
    case 'float64': {
      const number =
        typeof value === 'bigint' && BigInt(Number(value)) === value
          ? Number(value)
          : Decimal.is(value)
            ? value.toNumber()
            : value;
      // SQLite makes null of NaN, and 0 of −0; infinity is no number of SQL.
      return typeof number === 'number' && Number.isFinite(number) && !Object.is(number, -0)
        ? number
        : undefined;
    }
    case 'decimal':
      return decimalOf(value, type);
    case 'date':
      return value instanceof Date &&
        !Number.isNaN(value.getTime()) &&
        value.getTime() % 86_400_000 === 0 &&
        isInYears(value)
        ? textOf(value, place)
        : undefined;
    case 'timestamp':
      return value instanceof Date && isInYears(value) ? textOf(value, place) : undefined;
    case 'binary':
      return value instanceof Uint8Array ? value : undefined;
    default:
      return jsonOf(value, place);
  }
}

/** Beyond these years the text of a date is another one, which is not read again. */
function isInYears(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999;
}

function decimalOf(
  value: Value,
  { precision = 38, scale = 0 }: DataType & { kind: 'decimal' },
): string | undefined {
  let text: string | undefined;
  if (Decimal.is(value)) ({ text } = value);
  else if (typeof value === 'bigint') text = String(value);
  else if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0))
    text = numberText(value);
  const unscaled = text === undefined ? undefined : unscaledOf(text, scale);
  const limit = 10n ** BigInt(precision);
  return unscaled === undefined || unscaled >= limit || unscaled <= -limit
    ? undefined
    : decimalText(unscaled, scale);
}

import { jsonOf } from '../json/stringify.ts';
import type { Batch, Column, CommonReadOptions, DataType, Reader, Schema, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { rowsBatch } from '../batch/rows-batch.ts';
import { planRows, type RowPlan } from '../row-plan.ts';
import { Ended, orEnd } from '../source/ended.ts';
import { askedTypes, checkNamed, selection } from '../typing/asked-types.ts';
import { inferValues } from '../typing/infer-values.ts';
import { type Cast, castTo } from './cast.ts';
import { BadRow, type RowChunk, type RowSource } from './row-source.ts';

/** Rows that are given on at once, where so many are not asked for. */
const usualRows = 1024;
const any = { kind: 'any' } as const;

/** A wanted column. */
interface Wanted {
  /** Its number in the source. */
  readonly from: number;
  readonly column: Column;
  /** How its values become what was asked for; undefined where they are it. */
  readonly cast: Cast | undefined;
}

/**
 * Reads rows of JavaScript values, with all that the options of every reader can ask: columns, types,
 * `skip` and `limit`, texts of null, rows left out.
 */
export class RowsReader implements Reader {
  readonly #source: RowSource;
  readonly #plan: RowPlan;
  readonly #types: CommonReadOptions['types'];
  readonly #nulls: ReadonlySet<string>;
  /** Whether text of the source is read for what it spells, when types are inferred. */
  readonly #readsText: boolean;
  #opening: Promise<void> | undefined;
  #isUsed = false;
  #sourceColumns: readonly Column[] = [];
  #wanted: readonly Wanted[] = [];
  #schema: Schema = { columns: [] };
  #chunks: AsyncIterator<RowChunk> | undefined;
  readonly #scanned: RowChunk[] = [];
  /** Rows of the source so far. */
  #row = 0;
  #pending: (readonly Value[])[] = [];

  /** @throws {FormatError} BAD_OPTION */
  constructor(format: string, source: RowSource, options: CommonReadOptions, readsText = false) {
    this.#source = source;
    this.#plan = planRows(format, options);
    this.#types = options.types;
    this.#nulls = new Set(options.nullValues);
    this.#readsText = readsText;
  }

  async schema(): Promise<Schema> {
    await this.#open();
    return this.#schema;
  }

  [Symbol.asyncIterator](): Ended<Batch> {
    if (this.#isUsed) throw new TypeError('a reader is iterated once; make another one for another pass');
    this.#isUsed = true;
    return new Ended(this.#batches(), () => this.#close());
  }

  async *#batches(): AsyncGenerator<Batch, void> {
    await this.#open();
    for (;;) {
      if (this.#isComplete()) return;
      const chunk = this.#scanned.shift() ?? (await this.#next());
      if (chunk === undefined) break;
      if (chunk.columns !== undefined && chunk.columns !== this.#sourceColumns) {
        yield* this.#flush();
        this.#extend(chunk.columns);
      }
      yield* this.#batchesOf(chunk);
    }
    yield* this.#flush();
    const known = names(this.#sourceColumns);
    // A file without rows may well have no columns.
    if (known.length > 0) checkNamed(known, this.#types, this.#plan.format);
  }

  async #close(): Promise<void> {
    try {
      await this.#chunks?.return?.();
    } finally {
      await this.#source.close();
    }
  }

  #open(): Promise<void> {
    return (this.#opening ??= orEnd(this.#begin(), () => this.#close()));
  }

  async #begin(): Promise<void> {
    const { columns: wanted, format } = this.#plan;
    this.#sourceColumns = await this.#source.open();
    const known = names(this.#sourceColumns);
    const order = known.length === 0 ? [] : selection(known, wanted, format);
    const asked = askedTypes(known, this.#types, any);
    this.#chunks = this.#source.chunks(order)[Symbol.asyncIterator]();
    const unclear = order.filter(
      (from) => asked[from] === 'infer' && this.#isUnclear(this.#sourceColumns[from]!.type),
    );
    if (unclear.length > 0) await this.#scan();
    this.#use(
      order.map((from) => {
        const column = this.#sourceColumns[from]!;
        const isSaid = this.#types !== undefined && asked[from] !== any;
        const type = unclear.includes(from) ? this.#inferred(from) : isSaid ? asked[from]! : column.type;
        return this.#wantedOf(from, type === 'infer' ? column.type : type);
      }),
    );
  }

  /** Whether only its values tell what is in the column. */
  #isUnclear({ kind }: DataType): boolean {
    return kind === 'any' || (kind === 'string' && this.#readsText);
  }

  /** Reads the rows that types are inferred from, and keeps them. */
  async #scan(): Promise<void> {
    for (let rows = 0; rows < this.#plan.scanLimit;) {
      const chunk = await this.#next();
      if (chunk === undefined) return;
      this.#scanned.push(chunk);
      rows += chunk.rows.length;
    }
  }

  #inferred(from: number): DataType {
    const { scanLimit } = this.#plan;
    const rows = this.#scanned.flatMap((chunk) => chunk.rows).slice(0, scanLimit);
    const values = rows.map((row): Value => {
      const value = row instanceof BadRow ? null : row[from];
      return typeof value === 'string' && this.#nulls.has(value) ? null : value;
    });
    // Where lists and objects are among them, texts are no more than that.
    return inferValues(
      values,
      this.#readsText && !values.some((value) => typeof value === 'object' && value),
    );
  }

  #wantedOf(from: number, type: DataType): Wanted {
    const { name, type: own } = this.#sourceColumns[from]!;
    const isSame = type === own || (type.kind === own.kind && type.kind !== 'timestamp');
    return {
      from,
      column: { name, type: isSame ? own : type },
      cast: isSame ? undefined : castTo(type, own),
    };
  }

  #use(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    this.#schema = { columns: wanted.map(({ column }) => column) };
  }

  /** Takes up columns that come late. */
  #extend(columns: readonly Column[]): void {
    const before = this.#sourceColumns.length;
    this.#sourceColumns = columns;
    if (this.#plan.columns !== undefined) return;
    const asked = askedTypes(names(columns), this.#types, any);
    const added = columns.slice(before).map(({ type }, i) => {
      const wantedType = asked[before + i]!;
      return this.#wantedOf(before + i, wantedType === 'infer' || wantedType === any ? type : wantedType);
    });
    this.#use([...this.#wanted, ...added]);
  }

  async #next(): Promise<RowChunk | undefined> {
    const { done, value } = await this.#chunks!.next();
    return done === true ? undefined : value;
  }

  #isComplete(): boolean {
    return this.#row >= this.#plan.skip + this.#plan.limit;
  }

  *#batchesOf({ rows }: RowChunk): Generator<Batch> {
    const { skip, batchSize } = this.#plan;
    for (const row of rows) {
      if (this.#isComplete()) break;
      this.#row++;
      if (this.#row <= skip) continue;
      const values =
        row instanceof BadRow ? this.#leaveOut(row.error, row.record) : yield* this.#valuesOf(row);
      if (values === undefined) {
        yield* this.#flush(this.#row - 1);
        continue;
      }
      this.#pending.push(values);
      if (this.#pending.length >= batchSize) yield* this.#flush();
    }
    if (this.#pending.length >= Math.min(batchSize, usualRows) || this.#isComplete()) yield* this.#flush();
  }

  /** The rows that wait, the last of which is row number `last` of the source. */
  *#flush(last = this.#row): Generator<Batch> {
    const rows = this.#pending;
    if (rows.length === 0) return;
    this.#pending = [];
    yield rowsBatch(this.#schema, rows, last - rows.length);
  }

  *#valuesOf(row: readonly Value[]): Generator<Batch, readonly Value[] | undefined> {
    const values: Value[] = [];
    for (let i = 0; i < this.#wanted.length; i++) {
      const { from, cast, column } = this.#wanted[i]!;
      const value = row[from];
      const isNull = value === null || value === undefined;
      if (isNull || (this.#nulls.size > 0 && typeof value === 'string' && this.#nulls.has(value))) {
        values.push(isNull ? value : null);
        continue;
      }
      const found = cast === undefined ? value : cast(value);
      if (found === undefined) {
        if (this.#plan.onTypeMismatch !== 'widen')
          return this.#leaveOut(this.#mismatch(value, column), recordOf(row));
        // The rows before have the type still.
        yield* this.#flush(this.#row - 1);
        const wide = { from, column: { name: column.name, type: any }, cast: undefined };
        this.#use(this.#wanted.map((wanted, j) => (j === i ? wide : wanted)));
      }
      values.push(found === undefined ? value : found);
    }
    return values;
  }

  #mismatch(value: Value, { name, type }: Column): FormatError {
    const shown =
      typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : shownOf(value).slice(0, 60);
    return new FormatError('TYPE_MISMATCH', `${shown} is no ${type.kind}`, {
      format: this.#plan.format,
      field: name,
      row: this.#row,
      hint: `raise scanLimit, give the column's type with types, or onTypeMismatch: 'widen'`,
    });
  }

  #leaveOut(error: FormatError, record: Uint8Array): undefined {
    const placed = error.row === undefined ? inRow(error, this.#row, this.#plan.format) : error;
    if (this.#plan.onBadRow === undefined) throw placed;
    this.#plan.onBadRow(placed, record);
  }
}

function names(columns: readonly Column[]): string[] {
  return columns.map(({ name }) => name);
}

function inRow(error: FormatError, row: number, format: string): FormatError {
  const { code, problem, line, column, byteOffset, field, hint, cause } = error;
  const given = Object.entries({ line, column, byteOffset, field, hint, cause }).filter(
    ([, of]) => of !== undefined,
  );
  return new FormatError(code, problem, { ...Object.fromEntries(given), row, format });
}

function recordOf(row: readonly Value[]): Uint8Array {
  return Buffer.from(`[${row.map(shownOf).join(',')}]`);
}

/** For people: what JSON has no text for is shown as JavaScript does. */
function shownOf(value: Value): string {
  try {
    return jsonOf(value, { format: '', row: 0, field: '' });
  } catch (error) {
    if (error instanceof FormatError) return typeof value === 'number' ? String(value) : 'a value';
    throw error;
  }
}

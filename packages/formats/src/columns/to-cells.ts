import { ArenaCells } from '../batch/arena-cells.ts';
import type { Batch, BytesData, ColumnData, DataType, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { jsonOf } from '../json/stringify.ts';
import { Arena } from '../kernel/arena.ts';
import { Hint, Kind } from '../kernel/cell.ts';
import { type ColumnKernel, columnKernelOf } from '../kernel/columns.ts';
import { Report } from '../kernel/simd.ts';
import { numberText } from '../value/decimal.ts';
import { dateText } from '../value/time.ts';
import { valuesOf } from './column-values.ts';
import { rowsOf } from './columns-batch.ts';
import { Scratch } from './scratch.ts';

/** Rows at a time: so many that calls cost nothing, so few that they stay in the cache. */
const rowsAtATime = 4096;

/** Room for the text of a value of fixed size, and for what may be overwritten behind it. */
const mostText = 48;
const margin = 128;

const perSecond = { ms: 1000, us: 1_000_000, ns: 1_000_000_000 } as const;

/** Turns columns into cells, for writers of text. */
export class CellsOfColumns {
  readonly arena: Arena = new Arena();
  readonly #scratch = new Scratch(this.arena);
  readonly #order: number[] = [];
  /** The dictionary whose cells are in memory, by column. */
  readonly #dictionaries = new Map<number, BytesData>();

  /** A batch of columns in parts, each valid until the next: of cells, or of rows where values are not text. */
  async *parts(batch: Batch): AsyncGenerator<Batch> {
    const { layout, schema, rowCount, firstRow } = batch;
    if (layout.kind !== 'columns') {
      yield batch;
      return;
    }
    for (let from = 0; from < rowCount; from += rowsAtATime) {
      const rows = Math.min(rowsAtATime, rowCount - from);
      const cells = await this.#take(batch, from, rows);
      const values = () => rowsOf(schema, layout.columns, rows, firstRow + from, from);
      const part = { schema, rowCount: rows, firstRow: firstRow + from, rows: values };
      yield { ...part, layout: cells ?? { kind: 'rows' } };
    }
  }

  /** The rows from number `from` as cells. Undefined where they cannot be. */
  async #take(batch: Batch, from: number, rows: number): Promise<ArenaCells | undefined> {
    const { layout, schema } = batch;
    if (layout.kind !== 'columns' || columnKernelOf(this.arena) === undefined) return undefined;
    const stride = layout.columns.length;
    const pairsAt = await this.#scratch.region('pairs', rows * stride * 8);
    const kindsAt = await this.#scratch.region('kinds', rows * stride);
    await this.#scratch.region('left', rows * 4);
    while (this.#order.length < stride) this.#order.push(this.#order.length);
    this.#order.length = stride;
    for (const [column, data] of layout.columns.entries()) {
      const target = { pairs: pairsAt + column * 8, kinds: kindsAt + column, stride, rows, from, column };
      const { type } = schema.columns[column]!;
      if (!(await this.#put(data, type, target))) return undefined;
    }
    const place = {
      arena: this.arena,
      pairsAt,
      kindsAt,
      stride,
      order: this.#order,
      isInOrder: false,
      quote: 0,
      delimiter: 0,
      recordsAt: undefined,
      recordSchema: undefined,
      locate: () => ({ line: 0, column: 0 }),
    };
    return new ArenaCells(place, rows);
  }

  release(): void {
    this.arena.release();
  }

  async #put(data: ColumnData, type: DataType, target: Target): Promise<boolean> {
    if (data.kind === 'values') return this.#putValues(data.values, type, target);
    const { rows, from, column } = target;
    const validity = await this.#staged(
      `validity ${column}`,
      sliceOf(data.validity, from >> 3, (from + rows + 7) >> 3),
    );
    const nulls = { at: validity, bit: from & 7 };
    if (data.kind === 'bytes') return this.#putTexts('bytes', data, type, nulls, target);
    if (data.kind === 'dictionary') return this.#putEntries(data, type, nulls, target);
    const values = await this.#staged(`values ${column}`, sliceOf(data.values, from, from + rows));
    const o = await this.#scratch.region(`text ${column}`, rows * mostText + margin);
    if (type.kind === 'time') return this.#putValuesOf(data, type, target);
    return this.#putNumbers(columnKernelOf(this.arena)!, data, type, values, nulls, target, o);
  }

  #putNumbers(
    kernel: ColumnKernel,
    data: Exclude<ColumnData, { kind: 'values' | 'bytes' | 'dictionary' }>,
    type: DataType,
    values: number,
    { at, bit }: Nulls,
    target: Target,
    o: number,
  ): boolean {
    const { pairs, kinds, stride, rows } = target;
    const leftAt = this.#scratch.at('left');
    let left = 0;
    if (data.kind === 'boolean') kernel.booleansToCells(values, at, bit, rows, stride, pairs, kinds, o);
    else if (data.kind === 'float64') {
      left = kernel.doublesToCells(values, at, bit, rows, stride, pairs, kinds, o, leftAt);
    } else if (type.kind === 'date') {
      left = kernel.datesToCells(values, at, bit, rows, stride, pairs, kinds, o, leftAt);
    } else if (type.kind === 'timestamp') {
      const units = perSecond[type.unit];
      const zoned = Number(type.zoned);
      left = kernel.timestampsToCells(values, units, zoned, at, bit, rows, stride, pairs, kinds, o, leftAt);
    } else {
      const scale = type.kind === 'decimal' ? (type.scale ?? 0) : 0;
      const size = data.values.BYTES_PER_ELEMENT;
      kernel.integersToCells(values, size, at, bit, rows, scale, stride, pairs, kinds, o);
    }
    let end = this.arena.words[Report.end]!;
    const valueAt = valuesOf(data, type);
    for (let i = 0; i < left; i++) {
      const row = this.arena.words[(leftAt >>> 2) + i]!;
      const value = valueAt(target.from + row);
      const isDate = value instanceof Date;
      // JSON and CSV do not agree on what has no digits.
      if (!isDate && !Number.isFinite(value)) return false;
      const text = isDate
        ? dateText(value, { format: '', row: 0, field: '', type })
        : numberText(Number(value));
      const length = this.arena.bytes.write(text, end, 'latin1');
      this.#setCell(target, row, end, end + length, isDate ? Kind.text : Kind.literal);
      end += length;
    }
    return true;
  }

  async #putTexts(
    name: string,
    data: BytesData,
    type: DataType,
    nulls: Nulls,
    target: Target,
  ): Promise<boolean> {
    if (type.kind === 'binary') return this.#putValuesOf(data, type, target);
    const { rows, from, pairs, kinds, stride, column } = target;
    const base = data.offsets[from]!;
    const texts = data.bytes.subarray(base, data.offsets[from + rows]);
    const bytesAt = await this.#staged(`${name} ${column}`, texts);
    const offsetsAt = await this.#staged(`values ${column}`, sliceOf(data.offsets, from, from + rows + 1));
    const asJson = Number(type.kind === 'json');
    const { at, bit } = nulls;
    columnKernelOf(this.arena)!.textsToCells(
      offsetsAt,
      bytesAt,
      base,
      asJson,
      at,
      bit,
      rows,
      stride,
      pairs,
      kinds,
    );
    return true;
  }

  async #putEntries(
    data: ColumnData & { kind: 'dictionary' },
    type: DataType,
    { at, bit }: Nulls,
    target: Target,
  ): Promise<boolean> {
    if (type.kind === 'binary') return this.#putValuesOf(data, type, target);
    const { rows, from, pairs, kinds, stride, column } = target;
    const { dictionary } = data;
    const count = dictionary.offsets.length - 1;
    const entryPairs = await this.#scratch.region(`entry pairs ${column}`, count * 8);
    const entryKinds = await this.#scratch.region(`entry kinds ${column}`, count);
    if (this.#dictionaries.get(column) !== dictionary) {
      const all = { ...target, pairs: entryPairs, kinds: entryKinds, stride: 1, rows: count, from: 0 };
      await this.#putTexts('entries', dictionary, type, { at: 0, bit: 0 }, all);
      this.#dictionaries.set(column, dictionary);
    }
    const indices = await this.#staged(`indices ${column}`, sliceOf(data.indices, from, from + rows));
    const kernel = columnKernelOf(this.arena)!;
    kernel.entriesToCells(indices, entryPairs, entryKinds, at, bit, rows, stride, pairs, kinds);
    return true;
  }

  #putValuesOf(data: ColumnData, type: DataType, target: Target): Promise<boolean> {
    const valueAt = valuesOf(data, type);
    const values: Value[] = [];
    for (let i = 0; i < target.rows; i++) values.push(valueAt(target.from + i));
    return this.#putValues(values, type, { ...target, from: 0 });
  }

  /** Values that the kernel does not know: as JSON, in one piece. */
  async #putValues(values: readonly Value[], type: DataType, target: Target): Promise<boolean> {
    const { rows, from, column } = target;
    const texts: string[] = [];
    const kinds: number[] = [];
    for (let row = from; row < from + rows; row++) {
      const kind = kindOf(values[row]);
      const text = kind === undefined ? undefined : spellingOf(values[row], kind, type);
      if (kind === undefined || text === undefined) return false;
      kinds.push(kind);
      texts.push(text);
    }
    const all = Buffer.from(texts.join(''));
    let at = await this.#staged(`bytes ${column}`, all);
    for (let row = 0; row < rows; row++) {
      const end = at + Buffer.byteLength(texts[row]!);
      this.#setCell(target, row, at, end, kinds[row]!);
      at = end;
    }
    return true;
  }

  #setCell({ pairs, kinds, stride }: Target, row: number, start: number, end: number, kind: number): void {
    const { bytes, words } = this.arena;
    const word = (pairs >>> 2) + row * stride * 2;
    words[word] = start;
    words[word + 1] = end;
    bytes[kinds + row * stride] = kind;
  }

  /** Copies an array into the arena; gives its place, 0 where there is none. */
  async #staged(name: string, bytes: Uint8Array | undefined): Promise<number> {
    if (bytes === undefined) return 0;
    const at = await this.#scratch.region(name, bytes.length + margin);
    this.arena.bytes.set(bytes, at);
    return at;
  }
}

interface Target {
  readonly pairs: number;
  readonly kinds: number;
  readonly stride: number;
  readonly rows: number;
  /** First row. */
  readonly from: number;
  readonly column: number;
}

interface Nulls {
  /** Place of the validity, 0 where none is null. */
  readonly at: number;
  /** Bit of the first row. */
  readonly bit: number;
}

/** Undefined for values that formats do not agree on. */
function kindOf(value: Value): number | undefined {
  if (value === null || value === undefined) return Kind.null;
  if (typeof value === 'string' || value instanceof Uint8Array) return Kind.text | Hint.special;
  if (value instanceof Date || (typeof value === 'number' && !Number.isFinite(value))) return undefined;
  return isNested(value) ? Kind.nested : Kind.literal;
}

/** Undefined where it has none in JSON. */
function spellingOf(value: Value, kind: number, type: DataType): string | undefined {
  if (kind === Kind.null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  try {
    return jsonOf(value, { format: '', row: 0, field: '', type });
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function isNested(value: Value): boolean {
  return typeof value === 'object' && value !== null && (Array.isArray(value) || !('toJSON' in value));
}

function sliceOf(
  array: Exclude<ColumnData, { kind: 'values' | 'bytes' | 'dictionary' }>['values'] | Uint32Array | undefined,
  from: number,
  to: number,
): Uint8Array | undefined {
  const part = array?.subarray(from, to);
  return part && new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

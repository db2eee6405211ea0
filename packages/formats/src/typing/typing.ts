import { CellReader, isSpelled } from '../batch/cell-reader.ts';
import { layoutOf, type RowsAtHand } from '../batch/rows-at-hand.ts';
import type { Column, DataType, Schema } from '../contract.ts';
import { Kind, kindMask } from '../kernel/cell.ts';
import { Spelling } from '../kernel/simd.ts';
import type { RowPlan } from '../row-plan.ts';
import { codeOf, markTypes, TypeCode, type TypeTable } from './mark-types.ts';

/** Some of the rows at hand, and the schema that they have. */
export interface TypedRows {
  readonly schema: Schema;
  readonly order: readonly number[];
  /** First row, and just after the last. */
  readonly from: number;
  readonly to: number;
  /** Whether nothing was asked of the cells. */
  readonly isAsRead: boolean;
}

/** Holds cells to the types of their columns. Rows come out in one piece, but for cells that are not of their type. */
export class Typing {
  readonly #atHand: RowsAtHand;
  readonly #plan: RowPlan;
  /** What a column becomes when its type gives way. */
  readonly #widest: DataType;
  #table: TypeTable | undefined;
  /** The columns of the source, in its order. */
  #columns: Column[] = [];
  /** The numbers of the wanted columns. */
  #order: readonly number[] = [];
  /** What is wanted, until a type gives way. */
  #schema: Schema | undefined;
  /** The wanted columns whose values are more than the text of their cells. */
  readonly #spelled = new Set<number>();

  constructor(atHand: RowsAtHand, plan: RowPlan, widest: DataType) {
    this.#atHand = atHand;
    this.#plan = plan;
    this.#widest = widest;
  }

  /** The wanted columns. */
  get schema(): Schema {
    this.#schema ??= { columns: this.#order.map((column) => this.#columns[column]!) };
    return this.#schema;
  }

  /** Says what the columns are, which of them are wanted, and which texts mean null. */
  async use(columns: readonly Column[], order: readonly number[], nulls: readonly string[]): Promise<void> {
    this.#columns = [...columns];
    this.#order = order;
    this.#schema = undefined;
    this.#spelled.clear();
    for (const column of order) if (isSpelled(columns[column]!.type)) this.#spelled.add(column);
    const wanted = new Set(order);
    const codes = columns.map(({ type }, i) => (wanted.has(i) ? this.#codeOf(type) : TypeCode.any));
    const isNeeded = (columns.length > 0 && nulls.length > 0) || codes.some((code) => code !== TypeCode.any);
    this.#table = isNeeded
      ? await this.#tableOf(
          codes,
          nulls.map((text) => Buffer.from(text)),
        )
      : undefined;
  }

  *apply(rowCount: number): Generator<TypedRows> {
    const width = this.#columns.length;
    const end = rowCount * width;
    let from = 0;
    for (let cell = this.#mark(0, end); cell < end;) {
      const row = Math.floor(cell / width);
      if (row > from) yield this.#rows(from, row);
      from = row;
      if (this.#plan.onTypeMismatch === 'widen') {
        this.#widen(cell % width);
        cell = this.#mark(cell, end);
      } else {
        this.#leaveOut(row, cell);
        from = row + 1;
        cell = this.#mark(from * width, end);
      }
    }
    if (rowCount > from) yield this.#rows(from, rowCount);
  }

  #rows(from: number, to: number): TypedRows {
    return { schema: this.schema, order: this.#order, from, to, isAsRead: this.#table === undefined };
  }

  /** Marks the cells from `cell` on; gives the first that is not of its column's type, or `end`. */
  #mark(cell: number, end: number): number {
    const { input, index } = this.#atHand;
    const marked = this.#table === undefined ? end : markTypes(input.arena, index, this.#table, cell, end);
    if (this.#spelled.size === 0) return marked;
    let first = marked;
    for (const column of this.#spelled) first = this.#firstWrong(column, cell, first);
    return first;
  }

  /** The first cell of a column from `from` to `to` that cannot be read as of its type, or `to`. */
  #firstWrong(column: number, from: number, to: number): number {
    const { input, index } = this.#atHand;
    const width = this.#columns.length;
    const { type } = this.#columns[column]!;
    const spelling = spellingOf(type);
    const { kernel } = input.arena;
    const cells = new CellReader(layoutOf(this.#atHand));
    for (let cell = from + ((column - (from % width) + width) % width); cell < to; cell += width) {
      if (kernel !== undefined && spelling !== undefined) {
        cell = kernel.skipMoments(index.pairsAt, index.kindsAt, cell, to, width, spelling);
        if (cell >= to) return to;
      }
      if (!isOfType(cells, cell, type)) return cell;
    }
    return to;
  }

  #leaveOut(row: number, cell: number): void {
    const { firstRow } = this.#atHand;
    const { name, type } = this.#columns[cell % this.#columns.length]!;
    const cells = new CellReader(layoutOf(this.#atHand));
    const what = `${JSON.stringify(cells.spelling(cell).slice(0, 60))} is no ${type.kind}`;
    const error = this.#atHand.errorAt(cells.start(cell), 'TYPE_MISMATCH', what, {
      field: name,
      row: firstRow + row + 1,
      hint: `raise scanLimit, give the column's type with types, or onTypeMismatch: 'widen'`,
    });
    if (this.#plan.onBadRow === undefined) throw error;
    this.#plan.onBadRow(error, this.#record(row));
  }

  /** The type of a column gives way. */
  #widen(column: number): void {
    const type = this.#widest;
    this.#columns[column] = { name: this.#columns[column]!.name, type };
    this.#schema = undefined;
    this.#spelled.delete(column);
    const { bytes } = this.#atHand.input.arena;
    if (this.#table !== undefined) bytes[this.#table.typesAt + column] = this.#codeOf(type);
  }

  /** The bytes of a row, from its first cell to its last. */
  #record(row: number): Uint8Array {
    const { bytes, bounds } = layoutOf(this.#atHand, [], row, 1);
    const starts = bounds.filter((_, i) => i % 2 === 0 && bounds[i + 1]! > 0);
    return bytes.subarray(Math.min(...starts), Math.max(...bounds));
  }

  #codeOf(type: DataType): number {
    // Where there is nothing but text, every cell of a text column is what it has to be.
    return type.kind === 'string' && this.#widest.kind === 'string' ? TypeCode.any : codeOf(type);
  }

  async #tableOf(codes: readonly number[], nulls: readonly Buffer[]): Promise<TypeTable> {
    const { arena } = this.#atHand.input;
    const typesAt = await arena.allocate(codes.length);
    const nullsAt = await arena.allocate(nulls.length * 8);
    let textAt = await arena.allocate(nulls.reduce((size, text) => size + text.length, 0));
    arena.bytes.set(codes, typesAt);
    for (const [i, text] of nulls.entries()) {
      arena.bytes.set(text, textAt);
      arena.words[(nullsAt >>> 2) + i * 2] = textAt;
      arena.words[(nullsAt >>> 2) + i * 2 + 1] = text.length;
      textAt += text.length;
    }
    return { typesAt, columns: codes.length, nullsAt, nullCount: nulls.length };
  }
}

/** How the kernel knows the texts of a type, if it does. */
function spellingOf(type: DataType): number | undefined {
  if (type.kind === 'date') return Spelling.day;
  if (type.kind !== 'timestamp') return undefined;
  return type.unit === 'ms' ? Spelling.milliseconds : Spelling.moment;
}

/** Whether a cell can be read as of a type whose values are more than the text of their cells. */
function isOfType(cells: CellReader, cell: number, type: DataType): boolean {
  const kind = cells.kindOf(cell) & kindMask;
  if (kind === Kind.null || kind === Kind.missing) return true;
  const value = cells.value(cell, type);
  return type.kind === 'json' ? value !== undefined : value instanceof Date;
}

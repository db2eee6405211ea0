import { rowsBatch } from '../batch/rows-batch.ts';
import type { Batch, Column, CommonWriteOptions, Schema, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { tellOfExtra } from '../sink/extra-values.ts';
import { type Columns, columnsOf } from './columns-of.ts';
import { inferColumns, isOpen } from './infer-columns.ts';

export interface SettlingPlan {
  readonly format: string;
  /** Rows that are looked at, and held in memory, where nothing else tells what a column holds. */
  readonly scanLimit: number;
  /** What becomes of lists and objects where nothing tells their type. */
  readonly nested: 'columns' | 'json';
  /** A value in a column that the first rows did not have. */
  readonly onExtraKey: 'error' | 'drop';
  readonly onBadRow: CommonWriteOptions['onBadRow'];
  readonly onPartialRow: CommonWriteOptions['onPartialRow'];
}

/** Turns batches into columns, for a format that says what they are before its first row. */
export class SettledColumns {
  readonly #plan: SettlingPlan;
  #columns: readonly Column[] | undefined;
  /** Batches that came before it was known what their columns are. */
  #held: Batch[] = [];
  #heldRows = 0;
  /** Of a batch without rows. */
  #empty: Schema = { columns: [] };

  constructor(plan: SettlingPlan) {
    this.#plan = plan;
  }

  /** The columns with their types; undefined until the first rows have told. */
  get columns(): readonly Column[] | undefined {
    return this.#columns;
  }

  /**
   * The rows of a batch, and those that were held, as columns of one schema; each part is valid until
   * the next. Nothing comes while the types are open.
   *
   * @throws {FormatError} TYPE_MISMATCH or EXTRA_KEY for a row that the columns cannot hold.
   */
  async *take(batch: Batch): AsyncGenerator<Columns> {
    if (batch.rowCount === 0) {
      if (this.#empty.columns.length === 0) this.#empty = batch.schema;
      return;
    }
    if (this.#columns === undefined) {
      const { nested, scanLimit } = this.#plan;
      const isOpenStill = batch.schema.columns.some(({ type }) => isOpen(type, nested));
      if (this.#held.length > 0 || (isOpenStill && batch.rowCount < scanLimit)) {
        this.#held.push(rowsBatch(batch.schema, [...batch.rows()], batch.firstRow));
        this.#heldRows += batch.rowCount;
        if (this.#heldRows >= scanLimit) yield* this.#release();
        return;
      }
      this.#settle([batch]);
    }
    yield* this.#columnsOf(batch);
  }

  /** What is still held. A schema given here names the columns of a table without rows. */
  async *finish(schema?: Schema): AsyncGenerator<Columns> {
    if (this.#held.length > 0) yield* this.#release();
    else if (this.#columns === undefined) {
      const named = schema === undefined || schema.columns.length === 0 ? this.#empty : schema;
      this.#settle([rowsBatch(named, [], 0)]);
    }
  }

  async *#release(): AsyncGenerator<Columns> {
    const held = this.#held;
    this.#held = [];
    this.#settle(held);
    for (const batch of held) yield* this.#columnsOf(batch);
  }

  #settle(batches: readonly Batch[]): void {
    const { nested, scanLimit } = this.#plan;
    // A later batch may have more columns, or a wider type.
    const latest = new Map<string, Column>();
    for (const { schema } of batches) for (const column of schema.columns) latest.set(column.name, column);
    const columns = batches.length === 1 ? batches[0]!.schema.columns : [...latest.values()];
    this.#columns = inferColumns(columns, alignedRows(batches, columns, scanLimit), nested);
  }

  async *#columnsOf(batch: Batch): AsyncGenerator<Columns> {
    const { format, onBadRow } = this.#plan;
    const columns = this.#columns!;
    const plan = { format, columns, order: orderOf(columns, batch.schema), onBadRow };
    for (const part of this.#withoutExtra(batch)) yield await columnsOf(part, plan);
  }

  /** The batch; in parts, where rows between them have more than the columns. */
  *#withoutExtra(batch: Batch): Generator<Batch> {
    const { schema, firstRow } = batch;
    const known = new Set(this.#columns!.map(({ name }) => name));
    const extra = schema.columns.flatMap(({ name }, i) => (known.has(name) ? [] : [i]));
    const { onExtraKey, onPartialRow } = this.#plan;
    if (extra.length === 0 || onExtraKey === 'drop') {
      if (onPartialRow !== undefined) tellOfExtra(batch, extra, onPartialRow);
      yield batch;
      return;
    }
    let good: (readonly Value[])[] = [];
    let row = firstRow;
    for (const values of batch.rows()) {
      row++;
      const column = extra.find((i) => values[i] !== undefined && values[i] !== null);
      if (column === undefined) {
        good.push(values);
        continue;
      }
      const error = this.#extraKey(schema.columns[column]!.name, row);
      if (this.#plan.onBadRow === undefined) throw error;
      this.#plan.onBadRow(error, row, values);
      yield rowsBatch(schema, good, row - 1 - good.length);
      good = [];
    }
    yield good.length === batch.rowCount ? batch : rowsBatch(schema, good, row - good.length);
  }

  #extraKey(field: string, row: number): FormatError {
    const what = `${JSON.stringify(field)} is not among the columns of the first rows`;
    return new FormatError('EXTRA_KEY', what, {
      format: this.#plan.format,
      row,
      field,
      hint: `look at more rows for columns with scanLimit, or leave it out with onExtraKey: 'drop'`,
    });
  }
}

/** For each column its number in the schema, −1 where it is not there. */
function orderOf(columns: readonly Column[], schema: Schema): number[] {
  const numbers = new Map(schema.columns.map(({ name }, i) => [name, i]));
  return columns.map(({ name }) => numbers.get(name) ?? -1);
}

/** The first rows, each with the cells of all the columns. */
function* alignedRows(batches: readonly Batch[], columns: readonly Column[], most: number) {
  let left = most;
  for (const batch of batches) {
    const order = orderOf(columns, batch.schema);
    for (const values of batch.rows()) {
      if (left-- <= 0) return;
      yield order.map((i) => values[i]);
    }
  }
}

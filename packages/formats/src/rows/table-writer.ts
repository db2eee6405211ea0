import type { Batch, Column, CommonWriteOptions, Schema, Value, Writer } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { oneOf } from '../option-checks.ts';
import { tellOfExtra } from '../sink/extra-values.ts';

export interface TableWriteOptions extends CommonWriteOptions {
  /**
   * A value in a column that the file lacks, because the first rows did not have it: an error, or it is
   * left out. Default `error`.
   */
  readonly onExtraKey?: 'error' | 'drop';
}

/** Turns rows into bytes of a format whose columns are said before its rows. */
export interface TableEncoder {
  /** Whether a row without columns would leave nothing that a reader takes for a row. */
  readonly needsColumns: boolean;
  /** Called once, before any row, with the columns and the rows of the first batch. */
  begin(columns: readonly Column[], rows: () => Iterable<readonly Value[]>): void;
  /**
   * Takes a row, by the columns: all of it, or nothing.
   *
   * @throws {FormatError} when the format cannot hold it.
   */
  addRow(values: readonly Value[], row: number): void;
  /** Hands on what is ready, now and then. */
  drain(): void | Promise<void>;
  /** Called once, after the last row. */
  end(): void | Promise<void>;
  /** Frees what is not memory where the end does not come. */
  discard?(): void;
}

/** Rows between two looks at whether there is something to hand on. */
const rowsADrain = 128;

/** Writes by an encoder. The columns are those of the first batch with rows. */
export class TableWriter implements Writer {
  readonly #format: string;
  readonly #encoder: TableEncoder;
  readonly #drops: boolean;
  readonly #onBadRow: CommonWriteOptions['onBadRow'];
  readonly #onPartialRow: CommonWriteOptions['onPartialRow'];
  #columns: readonly Column[] | undefined;
  #aligned:
    | { readonly schema: Schema; readonly order: readonly number[]; readonly extra: readonly number[] }
    | undefined;
  #empty: Schema = { columns: [] };

  /** @throws {FormatError} BAD_OPTION */
  constructor(
    format: string,
    encoder: TableEncoder,
    { onExtraKey, onBadRow, onPartialRow }: TableWriteOptions,
  ) {
    this.#format = format;
    this.#encoder = encoder;
    this.#drops = oneOf(format, 'onExtraKey', onExtraKey, ['error', 'drop']) === 'drop';
    this.#onBadRow = onBadRow;
    this.#onPartialRow = onPartialRow;
  }

  async write(batch: Batch): Promise<void> {
    const { schema, rowCount, firstRow } = batch;
    if (rowCount === 0) {
      if (this.#empty.columns.length === 0) this.#empty = schema;
      return;
    }
    if (this.#columns === undefined) this.#begin(schema.columns, () => batch.rows());
    const { order, extra } = this.#alignmentOf(schema);
    if (this.#drops && this.#onPartialRow !== undefined) tellOfExtra(batch, extra, this.#onPartialRow);
    const isInOrder = order.length === schema.columns.length && order.every((from, i) => from === i);
    let row = firstRow;
    for (const values of batch.rows()) {
      row++;
      try {
        if (extra.length > 0 && !this.#drops) this.#refuseExtra(extra, schema, values, row);
        if (this.#columns!.length === 0 && this.#encoder.needsColumns) throw rowOfNothing(this.#format, row);
        this.#encoder.addRow(isInOrder ? values : order.map((from) => values[from]), row);
      } catch (error) {
        if (this.#onBadRow === undefined || !(error instanceof FormatError)) throw error;
        this.#onBadRow(error, row, values);
      }
      if (row % rowsADrain === 0) await this.#encoder.drain();
    }
    await this.#encoder.drain();
  }

  async finish(schema: Schema = this.#empty): Promise<void> {
    if (this.#columns === undefined) {
      this.#begin(schema.columns.length === 0 ? this.#empty.columns : schema.columns, () => []);
    }
    await this.#encoder.end();
  }

  discard(): void {
    this.#encoder.discard?.();
  }

  #begin(columns: readonly Column[], rows: () => Iterable<readonly Value[]>): void {
    this.#encoder.begin(columns, rows);
    this.#columns = columns;
  }

  #alignmentOf(schema: Schema) {
    if (this.#aligned?.schema !== schema) {
      const columns = this.#columns!;
      const known = new Set(columns.map(({ name }) => name));
      const numbers = new Map(schema.columns.map(({ name }, i) => [name, i]));
      const order = columns.map(({ name }) => numbers.get(name) ?? -1);
      const extra = schema.columns.flatMap(({ name }, i) => (known.has(name) ? [] : [i]));
      this.#aligned = { schema, order, extra };
    }
    return this.#aligned;
  }

  #refuseExtra(extra: readonly number[], { columns }: Schema, values: readonly Value[], row: number): void {
    const column = extra.find((i) => values[i] !== undefined && values[i] !== null);
    if (column === undefined) return;
    const { name } = columns[column]!;
    throw new FormatError('EXTRA_KEY', `${JSON.stringify(name)} is not among the columns of the first rows`, {
      format: this.#format,
      field: name,
      row,
      hint: `look at more rows for columns with scanLimit, or leave it out with onExtraKey: 'drop'`,
    });
  }
}

function rowOfNothing(format: string, row: number): FormatError {
  return new FormatError('UNREPRESENTABLE', 'a row without columns would leave no trace', {
    format,
    row,
    hint: 'give the rows a column',
  });
}

import { type ByteSource, type Column, type EncodingOptions, FormatError, type Value } from '@x/formats';
import { BadRow, type Ended, type RowChunk, type RowSource } from '@x/formats/rows';

import { format, type ReadPlan } from '../options.ts';
import { documentText } from './document-text.ts';
import { namesOf, numbered } from './header.ts';
import { type TableRow, TableRows } from './table-rows.ts';

/** The most rows that can be names. */
const mostHeaderRows = 20;

/** Reads the rows of a table, as the document comes. */
export class TableSource implements RowSource {
  readonly #text: Ended<string>;
  readonly #plan: ReadPlan;
  readonly #table: TableRows;
  #rows: TableRow[] = [];
  #isAtEnd = false;
  /** What comes behind the rows at hand. */
  #failure: unknown;
  #columns: readonly Column[] = [];

  constructor(bytes: ByteSource, plan: ReadPlan, encoding: EncodingOptions) {
    this.#text = documentText(bytes, encoding);
    this.#plan = plan;
    this.#table = new TableRows(plan);
  }

  async open(): Promise<readonly Column[]> {
    const header: TableRow[] = [];
    while (await this.#hasRow()) {
      const [first] = this.#rows;
      if (!this.#isName(first!, header)) break;
      header.push(this.#rows.shift()!);
    }
    const names =
      header.length > 0 ? namesOf(header, this.#plan) : numbered(this.#rows[0]?.values.length ?? 0);
    this.#columns = names.map((name) => ({ name, type: { kind: 'string' } }));
    return this.#columns;
  }

  async *chunks(): AsyncGenerator<RowChunk> {
    while (await this.#hasRow()) {
      const rows = this.#rows.map((row) => this.#fitted(row));
      this.#rows = [];
      yield { rows };
    }
  }

  async close(): Promise<void> {
    await this.#text.return();
  }

  /** Whether there is another row; reads as far as it takes to know. */
  async #hasRow(): Promise<boolean> {
    while (this.#rows.length === 0 && !this.#isAtEnd) {
      if (this.#failure !== undefined) throw this.#failure;
      const { done, value } = await this.#text.next();
      this.#isAtEnd = done === true;
      try {
        for (const row of done === true ? this.#table.end() : this.#table.push(value)) this.#rows.push(row);
      } catch (error) {
        this.#failure = error;
        this.#isAtEnd = false;
      }
    }
    return this.#rows.length > 0;
  }

  #isName(row: TableRow, before: readonly TableRow[]): boolean {
    const { header } = this.#plan;
    if (header === 'none' || (header === 'first' && before.length > 0)) return false;
    return header === 'first' || (row.isHeader && before.length < mostHeaderRows);
  }

  #fitted({ values, line }: TableRow): readonly Value[] | BadRow {
    const { length } = this.#columns;
    if (values.length === length) return values;
    if (values.length < length && this.#plan.pads)
      return [...values, ...Array.from({ length: length - values.length }, () => null)];
    const what = `the row has ${values.length} cells, and the table ${length} columns`;
    const hint = this.#plan.pads
      ? 'correct the row'
      : `choose onRagged: 'pad' if cells are missing at the end, or correct the row`;
    const error = new FormatError('RAGGED_ROW', what, { format, line, column: 1, hint });
    return new BadRow(error, Buffer.from(values.join('\t')));
  }
}

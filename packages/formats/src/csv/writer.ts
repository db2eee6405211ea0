import type { ArenaCells } from '../batch/arena-cells.ts';
import type { CellsOfColumns } from '../columns/to-cells.ts';
import type { Batch, ByteSink, Schema, Value, Writer } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import type { Arena } from '../kernel/arena.ts';
import { cellsOfColumns } from '../sink/cells-of-columns.ts';
import { kernelCells, writeByKernel } from '../sink/kernel-rows.ts';
import { tellOfExtra } from '../sink/extra-values.ts';
import { Output } from '../sink/output.ts';
import { refusalOf } from '../sink/refusal.ts';
import { align, type Alignment, refuseExtra } from './alignment.ts';
import { CellText } from './cell-text.ts';
import { none } from './dialect.ts';
import type { CsvWriteOptions } from './options.ts';
import { planWrite, type WritePlan } from './write-plan.ts';

/** Text gathered before it is written. */
const flushAt = 65_536;

/** Writes delimited text. The columns are those of the first batch. */
export class DelimitedWriter implements Writer {
  readonly #output: Output;
  readonly #plan: WritePlan;
  readonly #text: CellText;
  #columns: CellsOfColumns | undefined;
  /** The columns of the header, once there is one. */
  #header: Schema | undefined;
  /** Whether there is a line that is not blank. */
  #hasText = false;
  #aligned: { schema: Schema; alignment: Alignment } | undefined;
  #table:
    | { arena: Arena; at: number; nullAt: number; order: readonly number[]; columns: readonly number[] }
    | undefined;

  constructor(sink: ByteSink, format: string, delimiter: string, options: CsvWriteOptions) {
    this.#output = new Output(sink);
    this.#plan = planWrite(format, delimiter, options);
    this.#text = new CellText(this.#plan);
  }

  async write(batch: Batch): Promise<void> {
    if (this.#header === undefined) await this.#writeHeader(batch.schema, batch);
    const alignment = this.#alignmentOf(batch.schema);
    const { columns, extra } = alignment;
    const drops = extra.length === 0 || this.#plan.onExtraKey === 'drop';
    if (this.#plan.onExtraKey === 'drop' && this.#plan.onPartialRow !== undefined) {
      tellOfExtra(batch, extra, this.#plan.onPartialRow);
    }
    const isPlain = this.#plan.isPlain && drops && !columns.includes(-1) && this.#keepsRows(columns.length);
    if (isPlain && batch.layout.kind === 'columns') {
      this.#columns ??= await cellsOfColumns();
      for await (const part of this.#columns.parts(batch)) await this.#writePart(part, isPlain, alignment);
    } else await this.#writePart(batch, isPlain, alignment);
  }

  async #writePart(batch: Batch, isPlain: boolean, alignment: Alignment): Promise<void> {
    const cells = isPlain ? kernelCells(batch) : undefined;
    if (cells === undefined) await this.#writeValues(batch, alignment);
    else await this.#writeCells(batch, cells, alignment);
  }

  /** Whether a row is sure not to be taken for nothing, having some columns. */
  #keepsRows(columns: number): boolean {
    const { header, quote, nullText, quotesNullText } = this.#plan;
    const isNeverBlank = quote !== none && (nullText !== '' || !quotesNullText);
    return columns > 1 || (columns === 1 && (header || isNeverBlank));
  }

  async finish(schema?: Schema): Promise<void> {
    if (schema !== undefined && this.#header === undefined) await this.#writeHeader(schema);
    await this.#output.settle();
    this.#columns?.release();
  }

  /** `first` is the batch that comes next, if there is one. */
  async #writeHeader(schema: Schema, first?: Batch): Promise<void> {
    this.#header = schema;
    const names = this.#plan.header && schema.columns.length > 0 ? this.#text.header(schema) : '';
    const begins = names === '' && first !== undefined ? firstText(first) : names;
    // A reader takes one mark off, so text that begins with the character needs one in front.
    const mark = this.#plan.byteOrderMark || begins.startsWith('\ufeff') ? '\ufeff' : '';
    await this.#output.write(Buffer.from(mark + names));
  }

  #alignmentOf(schema: Schema): Alignment {
    if (this.#aligned?.schema !== schema) {
      this.#aligned = { schema, alignment: align(this.#header!, schema) };
    }
    return this.#aligned.alignment;
  }

  async #writeCells(batch: Batch, cells: ArenaCells, alignment: Alignment): Promise<void> {
    const { columns } = alignment;
    const { arena, order } = cells.place;
    const { delimiter, quote, quoteAll, crlf, nullText, quotesNullText } = this.#plan;
    const table = await this.#tableFor(arena, order, columns);
    const isInPlace = columns.every((column, i) => order[column] === i);
    await writeByKernel(
      batch,
      cells,
      this.#output,
      (kernel, rows, { at, limit }) => {
        kernel.useCsvStyle(
          delimiter,
          quote,
          Number(quoteAll),
          Number(crlf),
          table.nullAt,
          Buffer.byteLength(nullText),
          Number(quotesNullText),
        );
        const { pairs, kinds, stride } = rows;
        return kernel.writeCsv(
          pairs,
          kinds,
          rows.rows,
          stride,
          table.at,
          columns.length,
          rows.quote,
          isInPlace ? rows.delimiter : 0,
          at,
          limit,
        );
      },
      (row) => this.#writeValues(row, alignment),
    );
  }

  async #writeValues(batch: Batch, alignment: Alignment): Promise<void> {
    const { onBadRow } = this.#plan;
    let text = '';
    let row = batch.firstRow;
    for (const values of batch.rows()) {
      try {
        text += this.#lineOf(values, batch, row, alignment);
      } catch (error) {
        const refusal = refusalOf(error, this.#plan.format, row + 1);
        if (onBadRow === undefined || refusal === undefined) throw refusal ?? error;
        onBadRow(refusal, row + 1, values);
      }
      row++;
      if (text.length < flushAt) continue;
      await this.#output.write(Buffer.from(text));
      text = '';
    }
    await this.#output.write(Buffer.from(text));
  }

  #lineOf(values: readonly Value[], batch: Batch, row: number, { columns, extra }: Alignment): string {
    const { format, nullText, onExtraKey } = this.#plan;
    if (onExtraKey === 'error') refuseExtra(extra, values, batch, row, format);
    const cells = columns.map((column): string => {
      const value: Value = values[column];
      if (value === null || value === undefined) return nullText;
      const { name, type } = batch.schema.columns[column]!;
      return this.#text.cell(value, { format, row: row + 1, field: name, type });
    });
    const line = this.#text.line(cells);
    // Blank lines in front of everything are no rows to anybody.
    if (this.#keepsRows(columns.length) || !/^\r?\n$/.test(line)) this.#hasText = true;
    if (columns.length === 0 || !this.#hasText) {
      throw new FormatError(
        'UNREPRESENTABLE',
        'a row of nothing would be a blank line in front of the rows',
        {
          format,
          row: row + 1,
          hint: columns.length === 0 ? 'give the rows a column' : 'give nullValue a text, or write a header',
        },
      );
    }
    return line;
  }

  /** The numbers of the cells to write and the text of null, in the arena. */
  async #tableFor(arena: Arena, order: readonly number[], columns: readonly number[]) {
    const known = this.#table;
    if (known?.arena === arena && known.order === order && known.columns === columns) return known;
    const at = await arena.allocate(columns.length * 4);
    const nullAt = await arena.allocate(Math.max(16, Buffer.byteLength(this.#plan.nullText)));
    for (const [i, column] of columns.entries()) arena.words[(at >>> 2) + i] = order[column]!;
    arena.bytes.write(this.#plan.nullText, nullAt);
    this.#table = { arena, at, nullAt, order, columns };
    return this.#table;
  }
}

/** The text that a batch begins with. */
function firstText(batch: Batch): string {
  for (const [value] of batch.rows()) return typeof value === 'string' ? value : '';
  return '';
}

import type { ArenaCells } from '../batch/arena-cells.ts';
import type { CellsOfColumns } from '../columns/to-cells.ts';
import type { Batch, ByteSink, Column, Value, Writer } from '../contract.ts';
import type { Arena } from '../kernel/arena.ts';
import { Report, Stop } from '../kernel/simd.ts';
import { cellsOfColumns } from '../sink/cells-of-columns.ts';
import { kernelCells, writeByKernel } from '../sink/kernel-rows.ts';
import { Output } from '../sink/output.ts';
import { refusalOf } from '../sink/refusal.ts';
import type { JsonWriteOptions } from './options.ts';
import { KeyTable } from './key-table.ts';
import { jsonOf } from './stringify.ts';

/** Text gathered before it is written. */
const flushAt = 65_536;

/** What is in front of the items of a list: a comma and a newline, and a bracket in place of the first comma. */
const separator = ',\n';
const openBracket = 0x5b;

/**
 * Writes objects, one a line or as a list, keys in the order of the columns. Objects that were read
 * as JSON, and of which nothing was asked, are written as they are spelled, on one line.
 */
export class JsonWriter implements Writer {
  readonly #output: Output;
  readonly #format: string;
  readonly #asItems: boolean;
  readonly #onBadRow: JsonWriteOptions['onBadRow'];
  #hasRows = false;
  #columns: CellsOfColumns | undefined;
  #keys: KeyTable | undefined;

  constructor(sink: ByteSink, format: string, asItems: boolean, options: JsonWriteOptions) {
    this.#output = new Output(sink);
    this.#format = format;
    this.#asItems = asItems;
    this.#onBadRow = options.onBadRow;
  }

  async write(batch: Batch): Promise<void> {
    if (batch.layout.kind !== 'columns') return this.#writePart(batch);
    this.#columns ??= await cellsOfColumns();
    for await (const part of this.#columns.parts(batch)) await this.#writePart(part);
  }

  async #writePart(batch: Batch): Promise<void> {
    const cells = kernelCells(batch);
    if (cells === undefined) await this.#writeValues(batch);
    else await this.#writeCells(batch, cells);
  }

  async finish(): Promise<void> {
    if (this.#asItems) await this.#output.write(Buffer.from(this.#hasRows ? '\n]\n' : '[]\n'));
    await this.#output.settle();
    this.#columns?.release();
  }

  async #writeCells(batch: Batch, cells: ArenaCells): Promise<void> {
    const { arena, order } = cells.place;
    const keys = await this.#keysFor(arena, batch.schema.columns, order);
    await writeByKernel(
      batch,
      cells,
      this.#output,
      (kernel, { pairs, kinds, rows, stride, quote, records }, { at, limit }) => {
        const asItems = Number(this.#asItems);
        if (records !== undefined) kernel.writeRecords(records, rows, asItems, at, limit);
        else kernel.writeJson(pairs, kinds, rows, stride, keys.at, keys.width, quote, asItems, at, limit);
        if (arena.words[Report.rows]! > 0) this.#begin(arena.bytes.subarray(at));
        return Stop.done;
      },
      (row) => this.#writeValues(row),
    );
  }

  async #writeValues(batch: Batch): Promise<void> {
    const { columns } = batch.schema;
    const keys = columns.map((column) => `${JSON.stringify(column.name)}:`);
    let text = '';
    let row = batch.firstRow;
    for (const values of batch.rows()) {
      row++;
      try {
        const object = this.#objectOf(values, columns, keys, row);
        text += this.#asItems ? separator + object : `${object}\n`;
      } catch (error) {
        const refusal = refusalOf(error, this.#format, row);
        if (this.#onBadRow === undefined || refusal === undefined) throw refusal ?? error;
        this.#onBadRow(refusal, row, values);
      }
      if (text.length < flushAt) continue;
      await this.#output.write(this.#begin(Buffer.from(text)));
      text = '';
    }
    if (text !== '') await this.#output.write(this.#begin(Buffer.from(text)));
  }

  #objectOf(
    values: readonly Value[],
    columns: readonly Column[],
    keys: readonly string[],
    row: number,
  ): string {
    let members = '';
    for (const [i, { name, type }] of columns.entries()) {
      const value = values[i];
      if (value === undefined) continue;
      const member = jsonOf(value, { format: this.#format, row, field: name, type });
      members += (members === '' ? '' : ',') + keys[i]! + member;
    }
    return `{${members}}`;
  }

  /** Puts the bracket in front of the first item. */
  #begin(chunk: Buffer): Buffer {
    if (this.#asItems && !this.#hasRows) chunk[0] = openBracket;
    this.#hasRows = true;
    return chunk;
  }

  async #keysFor(arena: Arena, columns: readonly Column[], order: readonly number[]): Promise<KeyTable> {
    if (this.#keys?.fits(arena, columns, order) !== true) {
      this.#keys = await KeyTable.create(arena, columns, order);
    }
    return this.#keys;
  }
}

import {
  type Batch,
  type ByteSink,
  type Column,
  type ColumnData,
  FormatError,
  rowsBatch,
  type Schema,
  type Writer,
} from '@x/formats';
import { columnsOf, inferColumns, isOpen, sliceOf, tellOfExtra } from '@x/formats/columns';

import { Kernel } from '../kernel/kernel.ts';
import { type Leaf, leavesOf } from '../schema/tree.ts';
import { ColumnEncoder } from './column-encoder.ts';
import { FileWriter } from './file-writer.ts';
import { PageWriter } from './page-writer.ts';
import { shred } from './shred.ts';
import type { ParquetWritePlan } from './write-plan.ts';
import { writeSchema, type WriteSchema } from './write-schema.ts';

/** A row group ends where its pages have so many bytes, compressed. */
const rowGroupBytes = 64 * 1024 * 1024;

/** What is known once the columns are. */
interface Table {
  readonly schema: WriteSchema;
  readonly encoders: ReadonlyMap<Leaf, ColumnEncoder>;
}

/** Writes a file row group by row group. The columns are those of the first batches. */
export class ParquetWriter implements Writer {
  readonly #plan: ParquetWritePlan;
  readonly #file: FileWriter;
  readonly #kernel = new Kernel();
  #table: Table | undefined;
  /** Batches that came before it was known what their columns are. */
  #held: Batch[] = [];
  #heldRows = 0;
  /** Rows in the row group. */
  #rows = 0;

  constructor(sink: ByteSink, plan: ParquetWritePlan) {
    this.#plan = plan;
    this.#file = new FileWriter(sink, plan);
  }

  async write(batch: Batch): Promise<void> {
    if (this.#table !== undefined) return this.#encode(this.#table, batch);
    const { nested, scanLimit } = this.#plan;
    const isSettled = !batch.schema.columns.some(({ type }) => isOpen(type, nested));
    if (this.#held.length === 0 && (isSettled || batch.rowCount >= scanLimit)) {
      return this.#encode(this.#settle([batch]), batch);
    }
    this.#held.push(rowsBatch(batch.schema, [...batch.rows()], batch.firstRow));
    this.#heldRows += batch.rowCount;
    if (this.#heldRows >= scanLimit) await this.#encodeHeld();
  }

  async finish(schema?: Schema): Promise<void> {
    if (this.#table === undefined && this.#held.length === 0) {
      this.#settle([rowsBatch(schema ?? { columns: [] }, [], 0)]);
    } else if (this.#held.length > 0) await this.#encodeHeld();
    await this.#endRowGroup(this.#table!);
    await this.#file.finish(this.#table!.schema);
  }

  async #encodeHeld(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    const table = this.#settle(held);
    for (const batch of held) await this.#encode(table, batch);
  }

  /** Says what the columns are, by the first rows where nothing else tells. */
  #settle(batches: readonly Batch[]): Table {
    const { nested, scanLimit } = this.#plan;
    // A later batch may have more columns, or a wider type.
    const latest = new Map<string, Column>();
    for (const { schema } of batches) for (const column of schema.columns) latest.set(column.name, column);
    const columns = batches.length === 1 ? batches[0]!.schema.columns : [...latest.values()];
    const rows = rowsOf(batches, columns, scanLimit);
    const schema = writeSchema(inferColumns(columns, rows, nested));
    const pageWriter = new PageWriter(this.#kernel, this.#plan);
    const encoders = Array.from(schema.leaves, ([leaf, own]) => {
      return [leaf, new ColumnEncoder(this.#kernel, own, pageWriter)] as const;
    });
    this.#table = { schema, encoders: new Map(encoders) };
    return this.#table;
  }

  async #encode(table: Table, batch: Batch): Promise<void> {
    const { columns } = table.schema;
    const numbers = new Map(batch.schema.columns.map(({ name }, i) => [name, i]));
    const order = columns.map(({ name }) => numbers.get(name) ?? -1);
    const { onBadRow, onExtraKey, onPartialRow } = this.#plan;
    if (onExtraKey === 'error') this.#refuseExtra(table, batch);
    else if (onPartialRow !== undefined) tellOfExtra(batch, extraColumns(table, batch), onPartialRow);
    const { rowCount, columns: data } = await columnsOf(batch, {
      format: 'parquet',
      columns,
      order,
      onBadRow,
    });
    for (let from = 0; from < rowCount;) {
      const rows = Math.min(rowCount - from, this.#plan.rowGroupSize - this.#rows);
      this.#append(table, data, from, rows);
      this.#rows += rows;
      from += rows;
      if (this.#rows >= this.#plan.rowGroupSize || this.#groupBytes(table) >= rowGroupBytes) {
        await this.#endRowGroup(table);
      }
    }
  }

  #append({ schema, encoders }: Table, data: readonly ColumnData[], from: number, rows: number): void {
    for (const [i, node] of schema.nodes.entries()) {
      const part = sliceOf(data[i]!, from, from + rows);
      if (node.kind === 'leaf') encoders.get(node)!.append(part, rows);
      else if (part.kind === 'values') {
        for (const [leaf, entries] of shred(node, part.values, schema.leaves)) {
          encoders.get(leaf)!.appendEntries(entries, entries.builder.build());
        }
      }
    }
  }

  #groupBytes({ encoders }: Table): number {
    let bytes = 0;
    for (const { compressedBytes } of encoders.values()) bytes += compressedBytes;
    return bytes;
  }

  async #endRowGroup({ schema, encoders }: Table): Promise<void> {
    if (this.#rows === 0) return;
    const chunks = schema.nodes
      .flatMap(leavesOf)
      .map((leaf) => [schema.leaves.get(leaf)!, encoders.get(leaf)!.finish()] as const);
    const rows = this.#rows;
    this.#rows = 0;
    await this.#file.rowGroup(rows, chunks);
  }

  #refuseExtra(table: Table, batch: Batch): void {
    const extra = extraColumns(table, batch);
    if (extra.length === 0) return;
    let row = batch.firstRow;
    for (const values of batch.rows()) {
      row++;
      const column = extra.find((i) => values[i] !== undefined && values[i] !== null);
      if (column === undefined) continue;
      const { name } = batch.schema.columns[column]!;
      throw new FormatError(
        'EXTRA_KEY',
        `${JSON.stringify(name)} is not among the columns of the first rows`,
        {
          format: 'parquet',
          row,
          field: name,
          hint: `look at more rows for columns with scanLimit, or leave it out with onExtraKey: 'drop'`,
        },
      );
    }
  }
}

/** Numbers of the batch's columns that the file lacks. */
function extraColumns({ schema }: Table, batch: Batch): number[] {
  const known = new Set(schema.columns.map(({ name }) => name));
  return batch.schema.columns.flatMap(({ name }, i) => (known.has(name) ? [] : [i]));
}

/** The first rows, each with the cells of all the columns. */
function* rowsOf(batches: readonly Batch[], columns: readonly Column[], most: number) {
  let left = most;
  for (const batch of batches) {
    const numbers = new Map(batch.schema.columns.map(({ name }, i) => [name, i]));
    const order = columns.map(({ name }) => numbers.get(name) ?? -1);
    for (const values of batch.rows()) {
      if (left-- <= 0) return;
      yield order.map((i) => values[i]);
    }
  }
}

import type { Batch, ByteSink, ColumnData, Schema, Writer } from '@x/formats';
import { type Columns, SettledColumns, sliceOf } from '@x/formats/columns';

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
  readonly #columns: SettledColumns;
  #table: Table | undefined;
  /** Rows in the row group. */
  #rows = 0;

  constructor(sink: ByteSink, plan: ParquetWritePlan) {
    this.#plan = plan;
    this.#file = new FileWriter(sink, plan);
    this.#columns = new SettledColumns({ ...plan, onBadRow: exceptForLateKeys(plan.onBadRow) });
  }

  async write(batch: Batch): Promise<void> {
    for await (const part of this.#columns.take(batch)) await this.#encode(part);
  }

  async finish(schema?: Schema): Promise<void> {
    for await (const part of this.#columns.finish(schema)) await this.#encode(part);
    const table = this.#begin();
    await this.#endRowGroup(table);
    await this.#file.finish(table.schema);
  }

  /** What is written, once its columns are settled. */
  #begin(): Table {
    if (this.#table === undefined) {
      const schema = writeSchema(this.#columns.columns!);
      const pageWriter = new PageWriter(this.#kernel, this.#plan);
      const encoders = Array.from(schema.leaves, ([leaf, own]) => {
        return [leaf, new ColumnEncoder(this.#kernel, own, pageWriter)] as const;
      });
      this.#table = { schema, encoders: new Map(encoders) };
    }
    return this.#table;
  }

  async #encode({ rowCount, columns: data }: Columns): Promise<void> {
    const table = this.#begin();
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
}

/** A key that comes too late ends the file, also where rows that it cannot hold are left out. */
function exceptForLateKeys(onBadRow: ParquetWritePlan['onBadRow']): ParquetWritePlan['onBadRow'] {
  return (
    onBadRow &&
    ((error, ...row) => {
      if (error.code === 'EXTRA_KEY') throw error;
      onBadRow(error, ...row);
    })
  );
}

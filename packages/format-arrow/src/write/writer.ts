import { type Batch, type ByteSink, FormatError, type Schema, type Writer } from '@x/formats';
import { type Columns, SettledColumns } from '@x/formats/columns';

import { named } from '../errors.ts';
import { fieldOf } from '../schema/field-of.ts';
import { arrayEncoder } from './array-encoder.ts';
import { MessageWriter } from './message-writer.ts';
import type { ArrayEncoder } from './validated.ts';
import type { ArrowWritePlan } from './write-plan.ts';

/** A record batch ends where it has so many bytes. */
const mostBytes = 64 * 1024 * 1024;
/** Rows between two looks at that: always the same ones, so that the same rows give the same bytes. */
const rowsALook = 1024;

/** Writes record batch by record batch. The columns are those of the first batches. */
export class ArrowWriter implements Writer {
  readonly #plan: ArrowWritePlan;
  readonly #columns: SettledColumns;
  readonly #messages: MessageWriter;
  #encoders: readonly ArrayEncoder[] | undefined;
  /** Rows of the record batch so far. */
  #rows = 0;

  constructor(sink: ByteSink, plan: ArrowWritePlan) {
    this.#plan = plan;
    this.#columns = new SettledColumns(plan);
    this.#messages = new MessageWriter(sink, plan);
  }

  async write(batch: Batch): Promise<void> {
    try {
      for await (const part of this.#columns.take(batch)) await this.#append(part);
    } catch (error) {
      throw named(error, this.#plan.format);
    }
  }

  async finish(schema?: Schema): Promise<void> {
    try {
      for await (const part of this.#columns.finish(schema)) await this.#append(part);
      await this.#begin();
      await this.#endBatch();
      await this.#messages.finish();
    } catch (error) {
      throw named(error, this.#plan.format);
    }
  }

  async #append({ rowCount, columns }: Columns): Promise<void> {
    const encoders = await this.#begin();
    for (let from = 0; from < rowCount;) {
      const toLook = rowsALook - (this.#rows % rowsALook);
      const to = Math.min(rowCount, from + Math.min(toLook, this.#plan.recordBatchSize - this.#rows));
      for (const [i, encoder] of encoders.entries()) encoder.append(columns[i]!, from, to);
      this.#rows += to - from;
      from = to;
      const isFull =
        this.#rows % rowsALook === 0 && encoders.reduce((sum, { size }) => sum + size, 0) >= mostBytes;
      if (isFull || this.#rows >= this.#plan.recordBatchSize) await this.#endBatch();
    }
  }

  /** Writes the schema, once its columns are settled. */
  async #begin(): Promise<readonly ArrayEncoder[]> {
    if (this.#encoders === undefined) {
      const columns = this.#columns.columns!;
      const names = columns.map(({ name }) => name);
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) {
        throw new FormatError('DUPLICATE_COLUMN', `two columns have the name ${JSON.stringify(twice)}`, {
          format: this.#plan.format,
          field: twice,
          hint: 'rename one of them',
        });
      }
      const fields = columns.map(fieldOf);
      this.#encoders = columns.map((column) => arrayEncoder(column));
      await this.#messages.begin(fields);
    }
    return this.#encoders;
  }

  async #endBatch(): Promise<void> {
    if (this.#rows === 0) return;
    const nodes: (readonly number[])[] = [];
    const buffers: Uint8Array[] = [];
    for (const encoder of this.#encoders!) encoder.collect(nodes, buffers);
    await this.#messages.batch(this.#rows, nodes, buffers);
    this.#rows = 0;
    for (const encoder of this.#encoders!) encoder.clear();
  }
}

import { createHash } from 'node:crypto';

import type { ByteSink, Column, Value } from '@x/formats';
import { ByteWriter, type CellPlace, settledColumns, type TableEncoder } from '@x/formats/rows';

import { namesInFile, pack } from '../codec/codecs.ts';
import { format } from '../errors.ts';
import type { WritePlan } from '../options.ts';
import { schemaOf } from '../schema/schema-of.ts';
import { nullable } from './encode.ts';
import { putBytes, putLong, putText } from './put.ts';

/** Writes an object container file. */
export class ContainerEncoder implements TableEncoder {
  readonly needsColumns = false;
  readonly #sink: ByteSink;
  readonly #plan: WritePlan;
  readonly #block = new ByteWriter();
  /** What is ready for the sink. */
  readonly #out = new ByteWriter();
  #rows = 0;
  #sync: Uint8Array = new Uint8Array(0);
  #fields: readonly ReturnType<typeof nullable>[] = [];
  #places: readonly { format: string; row: number; field: string; type: Column['type'] }[] = [];

  constructor(sink: ByteSink, plan: WritePlan) {
    this.#sink = sink;
    this.#plan = plan;
  }

  begin(columns: readonly Column[], rows: () => Iterable<readonly Value[]>): void {
    const settled = settledColumns(columns, rows);
    const schema = JSON.stringify(schemaOf(settled, this.#plan));
    // The same rows make the same file, so the marker is made of what is in front of it.
    this.#sync = createHash('sha256').update(schema).digest().subarray(0, 16);
    this.#fields = settled.map(({ type }) => nullable(type));
    this.#places = settled.map(
      ({ name, type }) => ({ format, row: 0, field: name, type }) satisfies CellPlace,
    );
    this.#out.text('Obj\u0001');
    putLong(this.#out, 2);
    putText(this.#out, 'avro.codec');
    putText(this.#out, namesInFile[this.#plan.compression]);
    putText(this.#out, 'avro.schema');
    putText(this.#out, schema);
    this.#out.byte(0);
    this.#out.put(this.#sync);
  }

  addRow(values: readonly Value[], row: number): void {
    const { length } = this.#block;
    try {
      for (let i = 0; i < this.#fields.length; i++) {
        const place = this.#places[i]!;
        place.row = row;
        this.#fields[i]!(this.#block, values[i], place);
      }
      this.#rows++;
    } catch (error) {
      this.#block.truncate(length);
      throw error;
    }
  }

  async drain(): Promise<void> {
    if (this.#block.length < this.#plan.blockBytes) return;
    await this.#endBlock();
    await this.#out.drain(this.#sink);
  }

  async end(): Promise<void> {
    if (this.#rows > 0) await this.#endBlock();
    await this.#out.drain(this.#sink, true);
  }

  async #endBlock(): Promise<void> {
    const { compression, level } = this.#plan;
    const packed = await pack(compression, this.#block.bytes, level);
    putLong(this.#out, this.#rows);
    putBytes(this.#out, packed);
    this.#out.put(this.#sync);
    this.#block.truncate(0);
    this.#rows = 0;
  }
}

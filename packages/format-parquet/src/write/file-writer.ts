import type { ByteSink } from '@x/formats';

import { codecNames, Encoding, physicalTypes } from '../metadata/enums.ts';
import { magic } from '../read/footer.ts';
import {
  binary,
  i16,
  i32,
  i64,
  list,
  struct,
  type ThriftField,
  writeStruct,
} from '../thrift/compact-writer.ts';
import type { EncodedChunk } from './column-encoder.ts';
import type { ParquetWritePlan } from './write-plan.ts';
import type { WriteLeaf, WriteSchema } from './write-schema.ts';

const codecs = { snappy: 'SNAPPY', zstd: 'ZSTD', uncompressed: 'UNCOMPRESSED' } as const;

/** Puts row groups and metadata into the file, one write ahead of the sink. */
export class FileWriter {
  readonly #sink: ByteSink;
  readonly #plan: ParquetWritePlan;
  readonly #rowGroups: ThriftField[] = [];
  #pending: Promise<void> | void = undefined;
  #at = 0;
  #rows = 0;

  constructor(sink: ByteSink, plan: ParquetWritePlan) {
    this.#sink = sink;
    this.#plan = plan;
  }

  async rowGroup(rows: number, chunks: readonly (readonly [WriteLeaf, EncodedChunk])[]): Promise<void> {
    if (this.#at === 0) await this.#write(Buffer.from(magic));
    const start = this.#at;
    const columns: ThriftField[] = [];
    let plainSize = 0;
    for (const [leaf, chunk] of chunks) {
      const { pages } = chunk;
      columns.push(this.#columnChunk(leaf, chunk));
      plainSize += pages.reduce((sum, page) => sum + page.plainSize, 0);
      await this.#write(Buffer.concat(pages.flatMap(({ bytes }) => bytes)));
    }
    this.#rowGroups.push(
      struct(
        [1, list(columns)],
        [2, i64(plainSize)],
        [3, i64(rows)],
        [5, i64(start)],
        [6, i64(this.#at - start)],
        // It has 16 bits.
        [7, this.#rowGroups.length < 32_768 ? i16(this.#rowGroups.length) : undefined],
      ),
    );
    this.#rows += rows;
  }

  async finish(schema: WriteSchema): Promise<void> {
    if (this.#at === 0) await this.#write(Buffer.from(magic));
    const orders = Array.from(schema.leaves, () => struct([1, struct()]));
    const metadata = writeStruct([
      [1, i32(2)],
      [2, list(schema.elements)],
      [3, i64(this.#rows)],
      [4, list(this.#rowGroups)],
      [6, binary('@x/format-parquet version 0.1.0')],
      [7, list(orders)],
    ]);
    const ending = Buffer.alloc(8, 'PAR1\0\0\0\0');
    ending.writeUInt32LE(metadata.length);
    ending.write('PAR1', 4);
    await this.#write(Buffer.concat([metadata, ending]));
    await this.#pending;
  }

  #columnChunk(leaf: WriteLeaf, chunk: EncodedChunk): ThriftField {
    const { pages, hasDictionary, encodings, values, statistics } = chunk;
    const size = pages.reduce((sum, page) => sum + page.size, 0);
    const plainSize = pages.reduce((sum, page) => sum + page.plainSize, 0);
    const all = new Set([...(hasDictionary ? [Encoding.plain] : []), Encoding.rle, ...encodings]);
    const metadata = struct(
      [1, i32(physicalTypes.indexOf(leaf.physical))],
      [2, list(Array.from(all, i32))],
      [3, list(leaf.names.map(binary))],
      [4, i32(codecNames.indexOf(codecs[this.#plan.compression]))],
      [5, i64(values)],
      [6, i64(plainSize)],
      [7, i64(size)],
      [9, i64(this.#at + (hasDictionary ? pages[0]!.size : 0))],
      [11, hasDictionary ? i64(this.#at) : undefined],
      [12, statistics.field()],
    );
    return struct([2, i64(0)], [3, metadata]);
  }

  async #write(chunk: Buffer): Promise<void> {
    await this.#pending;
    this.#at += chunk.length;
    this.#pending = this.#sink.write(chunk);
    // Whoever waits for it next is told what went wrong.
    this.#pending?.catch(() => undefined);
  }
}

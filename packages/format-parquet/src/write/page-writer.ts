import zlib from 'node:zlib';

import type { Kernel, Region } from '../kernel/kernel.ts';
import { Encoding, PageType } from '../metadata/enums.ts';
import { i32, struct, type ThriftField, writeStruct } from '../thrift/compact-writer.ts';
import type { ParquetWritePlan } from './write-plan.ts';

/** A page as it goes into the file. */
export interface WrittenPage {
  readonly bytes: readonly Buffer[];
  /** Header included, compressed and not. */
  readonly size: number;
  readonly plainSize: number;
}

/** Compresses pages and puts headers in front of them. */
export class PageWriter {
  readonly #kernel: Kernel;
  readonly #plan: ParquetWritePlan;
  /** Of the compressor. */
  readonly #table: Region;

  constructor(kernel: Kernel, plan: ParquetWritePlan) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#table = kernel.allocate(32_768);
  }

  /** A data page of so many values, nulls included. */
  data(at: number, length: number, values: number, encoding: number): WrittenPage {
    const header = struct(
      [1, i32(values)],
      [2, i32(encoding)],
      [3, i32(Encoding.rle)],
      [4, i32(Encoding.rle)],
    );
    return this.#page(PageType.data, at, length, [5, header]);
  }

  dictionary(at: number, length: number, values: number): WrittenPage {
    return this.#page(PageType.dictionary, at, length, [
      7,
      struct([1, i32(values)], [2, i32(Encoding.plain)]),
    ]);
  }

  #page(type: number, at: number, length: number, own: readonly [number, ThriftField]): WrittenPage {
    const body = this.#compressed(at, length);
    const crc = zlib.crc32(body) | 0;
    const header = writeStruct([[1, i32(type)], [2, i32(length)], [3, i32(body.length)], [4, i32(crc)], own]);
    const size = header.length + body.length;
    return { bytes: [header, body], size, plainSize: header.length + length };
  }

  #compressed(at: number, length: number): Buffer {
    const kernel = this.#kernel;
    const { compression, compressionLevel } = this.#plan;
    if (compression === 'snappy') {
      const region = kernel.allocate(32 + Math.ceil((length * 7) / 6));
      const end = kernel.call.snappyCompress(at, length, region.at, this.#table.at);
      const packed = Buffer.from(kernel.bytes.subarray(region.at, end));
      kernel.free(region);
      return packed;
    }
    const plain = kernel.bytes.subarray(at, at + length);
    if (compression === 'uncompressed') return Buffer.from(plain);
    const params = { [zlib.constants.ZSTD_c_compressionLevel]: compressionLevel };
    return zlib.zstdCompressSync(plain, { params });
  }
}

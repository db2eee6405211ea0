import zlib from 'node:zlib';

import type { RandomAccessSource } from '@x/formats';

import { corrupt, unsupported } from '../errors.ts';
import type { ColumnChunk } from '../metadata/file-metadata.ts';
import { CompactReader } from '../thrift/compact-reader.ts';
import { type PageHeader, readPageHeader } from './page-header.ts';

/** Bytes of a column that are read ahead: few at first, for not all may be wanted. */
const leastAhead = 16 * 1024;
const mostAhead = 1024 * 1024;
/** A header has statistics, which may be long; but not that long. */
const mostHeaderBytes = 16 * 1024 * 1024;

export interface Page {
  readonly header: PageHeader;
  /** As it is in the file. */
  readonly bytes: Uint8Array;
  /** Where it is in the file, its header not counted. */
  readonly byteOffset: number;
}

/** The pages of a column chunk, one after the other. */
export class Pages {
  readonly #source: RandomAccessSource;
  readonly #maxPageBytes: number;
  /** Where the chunk ends, and where its last page has to. */
  readonly #end: number;
  readonly #lastEnd: number;
  /** Values that there may still be. */
  #valuesLeft: number;
  /** Where the next page begins. */
  #at: number;
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;
  #ahead = leastAhead;

  constructor(source: RandomAccessSource, chunk: ColumnChunk, maxPageBytes: number) {
    if (chunk.isEncrypted) throw unsupported(`the column ${chunk.path} is encrypted`, { field: chunk.path });
    const end = chunk.offset + chunk.size;
    if (chunk.offset < 4 || end > source.size) {
      throw corrupt(`the column ${chunk.path} is said to be where the file has ended`, { field: chunk.path });
    }
    this.#source = source;
    this.#maxPageBytes = maxPageBytes;
    this.#at = chunk.offset;
    this.#end = end;
    this.#lastEnd = Math.min(end + chunk.slack, source.size);
    this.#valuesLeft = chunk.values;
    this.#windowAt = chunk.offset;
  }

  /** Undefined at the end of the chunk. The bytes are valid until the next call. */
  async next(): Promise<Page | undefined> {
    if (this.#at >= this.#end) return undefined;
    const header = await this.#header();
    const byteOffset = this.#at;
    const { compressedSize, size, crc } = header;
    if (compressedSize > this.#lastEnd - byteOffset) {
      throw corrupt('a page is longer than its column', { byteOffset });
    }
    if (header.kind === 'data' || header.kind === 'dataV2') {
      // Levels take next to no bytes, so that nothing else says that there are far too many.
      this.#valuesLeft -= header.values;
      if (this.#valuesLeft < 0)
        throw corrupt('the pages of a column have more values than it', { byteOffset });
    }
    if (size > this.#maxPageBytes || compressedSize > this.#maxPageBytes) {
      throw unsupported(`a page of ${Math.max(size, compressedSize)} bytes`, {
        byteOffset,
        hint: 'raise maxPageBytes, where there is memory for it',
      });
    }
    const bytes = await this.#bytes(compressedSize);
    if (crc !== undefined && zlib.crc32(bytes) !== crc) {
      throw corrupt('the checksum of a page is wrong', { byteOffset });
    }
    this.#at = byteOffset + compressedSize;
    return { header, bytes, byteOffset };
  }

  async #header(): Promise<PageHeader> {
    for (let length = 1024; ; length *= 8) {
      const available = Math.min(length, this.#lastEnd - this.#at);
      const reader = new CompactReader(await this.#bytes(available), this.#at);
      try {
        const header = readPageHeader(reader.struct(), this.#at);
        this.#at += reader.at;
        return header;
      } catch (error) {
        if (!reader.isCut || available < length || length > mostHeaderBytes) throw error;
      }
    }
  }

  /** The next bytes of the chunk. */
  async #bytes(length: number): Promise<Uint8Array> {
    const from = this.#at - this.#windowAt;
    if (from + length > this.#window.length) {
      const rest = this.#window.subarray(from);
      const missing = Math.max(length - rest.length, this.#ahead);
      const position = this.#at + rest.length;
      const wanted = Math.min(missing, this.#lastEnd - position);
      const more = await this.#source.readAt(position, wanted);
      if (more.length !== wanted) throw corrupt('the file has become shorter', { byteOffset: position });
      this.#window = rest.length === 0 ? more : Buffer.concat([rest, more]);
      this.#windowAt = this.#at;
      this.#ahead = Math.min(this.#ahead * 4, mostAhead);
    }
    const at = this.#at - this.#windowAt;
    return this.#window.subarray(at, at + length);
  }
}

import { corrupt, unsupported } from '../errors.ts';
import { type Kernel, type Region, Report } from '../kernel/kernel.ts';
import { Encoding } from '../metadata/enums.ts';
import type { Leaf } from '../schema/tree.ts';
import { widthOf } from './base-values.ts';

/** Values in the kernel's memory. */
export interface Decoded {
  /** Of a fixed width; or the offsets of bytes; or indices into the dictionary. */
  readonly values: Region;
  readonly bytes: Region | undefined;
  readonly isIndexed: boolean;
}

/** More than one page would have. */
const mostValues = 0x1000_0000;

/** Decodes the values of a page: `count` of them from `at` to `end` in the kernel's memory. */
export class ValueDecoder {
  readonly #kernel: Kernel;
  readonly #leaf: Leaf;

  constructor(kernel: Kernel, leaf: Leaf) {
    this.#kernel = kernel;
    this.#leaf = leaf;
  }

  /**
   * Room is made for `room` values, so that they can be spread.
   *
   * @throws {FormatError} CORRUPT where there are not so many; UNSUPPORTED for an encoding that is not known.
   */
  decode(
    encoding: number,
    at: number,
    end: number,
    count: number,
    room: number,
    byteOffset: number,
  ): Decoded {
    if (count > mostValues || room > mostValues) throw corrupt(`a page of ${room} values`, { byteOffset });
    const width = widthOf(this.#leaf.physical);
    const decoded = this.#decode(encoding, width, at, end, count, room);
    if (decoded === undefined) throw corrupt('the values of a page are not in order', { byteOffset });
    if (decoded !== 'unknown') return decoded;
    const { physical, path } = this.#leaf;
    throw unsupported(`encoding ${encoding} of ${physical} in the column ${path} is not read`, {
      byteOffset,
    });
  }

  #decode(encoding: number, width: number, at: number, end: number, count: number, room: number) {
    switch (encoding) {
      case Encoding.plain:
        return width === 0
          ? this.#plainBytes(at, end, count, room)
          : this.#plain(width, at, end, count, room);
      case Encoding.plainDictionary:
      case Encoding.rleDictionary:
        return this.#indices(at, end, count, room);
      case Encoding.rle:
        return this.#leaf.physical === 'BOOLEAN' ? this.#runs(at, end, count, room) : 'unknown';
      case Encoding.deltaBinaryPacked:
        return width === 4 || width === 8 ? this.#delta(width, at, end, count, room) : 'unknown';
      case Encoding.deltaLengthByteArray:
        return width === 0 ? this.#deltaLengths(at, end, count, room) : 'unknown';
      case Encoding.deltaByteArray:
        return width === 0 ? this.#deltaBytes(at, end, count, room) : 'unknown';
      case Encoding.byteStreamSplit:
        return width === 1 ? 'unknown' : this.#streams(width, at, end, count, room);
      default:
        return 'unknown' as const;
    }
  }

  #plain(width: number, at: number, end: number, count: number, room: number): Decoded | undefined {
    const kernel = this.#kernel;
    const size = width === 1 ? (count + 7) >> 3 : count * width;
    if (size > end - at) return undefined;
    const values = kernel.allocate(room * width);
    if (width === 1) kernel.call.unpackBits(at, count, values.at);
    else kernel.bytes.copyWithin(values.at, at, at + size);
    return { values, bytes: undefined, isIndexed: false };
  }

  #plainBytes(at: number, end: number, count: number, room: number): Decoded | undefined {
    const kernel = this.#kernel;
    const { physical } = this.#leaf;
    if (physical !== 'BYTE_ARRAY') {
      const length = this.#fixedLength;
      if (count * length > end - at) return undefined;
      const bytes = kernel.allocate(count * length);
      kernel.bytes.copyWithin(bytes.at, at, at + count * length);
      return this.#fixedBytes(bytes, count, length, room);
    }
    const values = kernel.allocate((room + 1) * 4);
    const bytes = kernel.allocate(end - at);
    if (kernel.call.plainTexts(at, end, count, values.at, bytes.at) === 1) {
      return { values, bytes, isIndexed: false };
    }
    return this.#failed(values, bytes);
  }

  #indices(at: number, end: number, count: number, room: number): Decoded | undefined {
    const kernel = this.#kernel;
    const values = kernel.allocate(room * 4);
    if (count === 0) return { values, bytes: undefined, isIndexed: true };
    const width = kernel.bytes[at]!;
    if (at < end && width <= 32 && kernel.call.decodeHybrid(at + 1, end, width, count, values.at) === 1) {
      return { values, bytes: undefined, isIndexed: true };
    }
    return this.#failed(values);
  }

  /** Booleans, behind their length. */
  #runs(at: number, end: number, count: number, room: number): Decoded | undefined {
    const kernel = this.#kernel;
    if (end - at < 4) return undefined;
    const length = kernel.bytes.readUInt32LE(at);
    if (length > end - at - 4) return undefined;
    const words = kernel.allocate(count * 4);
    const values = kernel.allocate(room);
    if (kernel.call.decodeHybrid(at + 4, at + 4 + length, 1, count, words.at) !== 1) {
      return this.#failed(words, values);
    }
    kernel.call.narrow(words.at, count, values.at);
    kernel.free(words);
    return { values, bytes: undefined, isIndexed: false };
  }

  #delta(width: number, at: number, end: number, count: number, room: number): Decoded | undefined {
    const values = this.#kernel.allocate(room * width);
    if (this.#integers(at, end, count, width, values)) return { values, bytes: undefined, isIndexed: false };
    return this.#failed(values);
  }

  #deltaLengths(at: number, end: number, count: number, room: number): Decoded | undefined {
    const kernel = this.#kernel;
    const lengths = kernel.allocate(count * 4);
    const values = kernel.allocate((room + 1) * 4);
    if (!this.#integers(at, end, count, 4, lengths)) return this.#failed(lengths, values);
    const start = kernel.words[Report.end]!;
    const isRight = kernel.call.offsetsOfLengths(lengths.at, count, end - start, values.at) === 1;
    kernel.free(lengths);
    if (!isRight) return this.#failed(values);
    const length = kernel.words[Report.end]!;
    const bytes = kernel.allocate(length);
    kernel.bytes.copyWithin(bytes.at, start, start + length);
    return { values, bytes, isIndexed: false };
  }

  #deltaBytes(at: number, end: number, count: number, room: number): Decoded | undefined {
    const kernel = this.#kernel;
    const prefixes = kernel.allocate(count * 4);
    const suffixes = kernel.allocate(count * 4);
    const values = kernel.allocate((room + 1) * 4);
    const isOrdered =
      this.#integers(at, end, count, 4, prefixes) &&
      this.#integers(kernel.words[Report.end]!, end, count, 4, suffixes);
    const start = kernel.words[Report.end]!;
    const isRight =
      isOrdered && kernel.call.offsetsOfLengths(suffixes.at, count, end - start, values.at) === 1;
    const length = isRight ? kernel.call.prefixedLength(prefixes.at, suffixes.at, count) : 0xffff_ffff;
    if (length > 0x7fff_ffff) return this.#failed(prefixes, suffixes, values);
    const bytes = kernel.allocate(length);
    kernel.call.joinPrefixes(prefixes.at, suffixes.at, count, start, values.at, bytes.at);
    kernel.free(prefixes);
    kernel.free(suffixes);
    return { values, bytes, isIndexed: false };
  }

  #streams(width: number, at: number, end: number, count: number, room: number): Decoded | undefined {
    const kernel = this.#kernel;
    const size = width === 0 ? this.#fixedLength : width;
    if (this.#leaf.physical === 'BYTE_ARRAY' || count * size > end - at) return undefined;
    const bytes = kernel.allocate(room * size);
    kernel.call.joinStreams(at, count, size, bytes.at);
    if (width === 0) return this.#fixedBytes(bytes, count, size, room);
    return { values: bytes, bytes: undefined, isIndexed: false };
  }

  get #fixedLength(): number {
    return this.#leaf.physical === 'INT96' ? 12 : this.#leaf.length;
  }

  #fixedBytes(bytes: Region, count: number, length: number, room: number): Decoded {
    const values = this.#kernel.allocate((room + 1) * 4);
    const { words } = this.#kernel;
    for (let i = 0; i <= count; i++) words[(values.at >>> 2) + i] = i * length;
    return { values, bytes, isIndexed: false };
  }

  #integers(at: number, end: number, count: number, width: number, values: Region): boolean {
    const { call } = this.#kernel;
    return (
      call.decodeDelta(at, end, count, width, values.at) === 1 && this.#kernel.words[Report.count] === count
    );
  }

  #failed(...regions: Region[]): undefined {
    for (const region of regions) this.#kernel.free(region);
  }
}

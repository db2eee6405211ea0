import type { ColumnData } from '@x/formats';

import { corrupt } from '../errors.ts';
import type { Kernel, Region } from '../kernel/kernel.ts';
import { Encoding, type CodecName } from '../metadata/enums.ts';
import type { Leaf } from '../schema/tree.ts';
import { type BaseValues, fixedValues, widthOf } from './base-values.ts';
import { convertValues } from './convert.ts';
import { decodeLevels } from './decode-levels.ts';
import { type Decoded, ValueDecoder } from './decode-values.ts';
import { decompress } from './decompress.ts';
import type { Page } from './pages.ts';

/** The values of a page. */
export interface PageValues {
  /** Values, nulls and empty lists included. */
  readonly count: number;
  /** Of a column at the top: all values, nulls included. Of another: those that are there. */
  readonly data: ColumnData;
  /** The levels of a column that is not at the top, a byte each. */
  readonly definitions: Uint8Array | undefined;
  readonly repetitions: Uint8Array | undefined;
}

/** Decodes the pages of a column chunk, in their order. */
export class PageDecoder {
  readonly #kernel: Kernel;
  readonly #leaf: Leaf;
  readonly #codec: CodecName;
  readonly #values: ValueDecoder;
  readonly #isFlat: boolean;
  #dictionary: ColumnData | undefined;
  #dictionarySize = 0;

  /** `isFlat`: the leaf is a column at the top, and its nulls are to be where they are. */
  constructor(kernel: Kernel, leaf: Leaf, codec: CodecName, isFlat: boolean) {
    this.#kernel = kernel;
    this.#leaf = leaf;
    this.#codec = codec;
    this.#isFlat = isFlat;
    this.#values = new ValueDecoder(kernel, leaf);
  }

  /**
   * Undefined for a page that has no values of its own.
   *
   * @throws {FormatError} CORRUPT, UNSUPPORTED, UNAVAILABLE.
   */
  decode(page: Page): PageValues | undefined {
    const { header, bytes, byteOffset } = page;
    if (header.kind === 'other') return undefined;
    const kernel = this.#kernel;
    const region = kernel.allocate(header.size + 64);
    try {
      const levelBytes = header.kind === 'dataV2' ? header.definitionBytes + header.repetitionBytes : 0;
      if (levelBytes > Math.min(header.size, bytes.length)) {
        throw corrupt('the levels of a page are longer than the page', { byteOffset });
      }
      kernel.bytes.set(bytes.subarray(0, levelBytes), region.at);
      const codec = header.isCompressed ? this.#codec : 'UNCOMPRESSED';
      const rest = bytes.subarray(levelBytes);
      // An empty page need not be compressed.
      if (header.size > levelBytes || rest.length > 0) {
        decompress(kernel, codec, rest, header.size - levelBytes, region, levelBytes, byteOffset);
      }
      if (header.kind !== 'dictionary') return this.#dataPage(page, region);
      this.#takeDictionary(page, region);
      return undefined;
    } finally {
      kernel.free(region);
    }
  }

  #takeDictionary({ header, byteOffset }: Page, region: Region): void {
    const { values: count } = header;
    const decoded = this.#values.decode(
      Encoding.plain,
      region.at,
      region.at + header.size,
      count,
      count,
      byteOffset,
    );
    this.#dictionary = convertValues(this.#base(decoded, count), this.#leaf);
    this.#dictionarySize = count;
  }

  #dataPage({ header, byteOffset }: Page, region: Region): PageValues {
    const kernel = this.#kernel;
    const { definition, repetition } = this.#leaf;
    const { values: count } = header;
    const end = region.at + header.size;
    const isOld = header.kind === 'data';
    let at = region.at;
    const levels = (greatest: number, encoding: number, length: number): Region | undefined => {
      if (greatest === 0) {
        at += isOld ? 0 : length;
        return undefined;
      }
      const part = { at, end: isOld ? end : at + length, encoding, isPrefixed: isOld };
      const decoded = decodeLevels(kernel, part, greatest, count, byteOffset);
      at = decoded.end;
      return decoded.region;
    };
    // A level takes less than a bit, so that nothing else says that there are too many.
    if (count > 0x1000_0000) throw corrupt(`a page of ${count} values`, { byteOffset });
    const repetitions = levels(repetition, header.repetitionEncoding, header.repetitionBytes);
    const definitions = levels(definition, header.definitionEncoding, header.definitionBytes);
    try {
      if (!this.#isFlat) {
        const defined = definitions && this.#copied(definitions.at, count);
        const present = defined === undefined ? count : countOf(defined, definition);
        const data = this.#dense(header.encoding, at, end, present, byteOffset);
        const repeated = repetitions && this.#copied(repetitions.at, count);
        return { count, data, definitions: defined, repetitions: repeated };
      }
      const data =
        definitions === undefined
          ? this.#dense(header.encoding, at, end, count, byteOffset)
          : this.#spread(header.encoding, at, end, count, definitions, byteOffset);
      return { count, data, definitions: undefined, repetitions: undefined };
    } finally {
      kernel.free(repetitions);
      kernel.free(definitions);
    }
  }

  #dense(encoding: number, at: number, end: number, count: number, byteOffset: number): ColumnData {
    const decoded = this.#values.decode(encoding, at, end, count, count, byteOffset);
    return this.#columnOf(decoded, count, count, byteOffset);
  }

  #spread(
    encoding: number,
    at: number,
    end: number,
    count: number,
    definitions: Region,
    byteOffset: number,
  ): ColumnData {
    const kernel = this.#kernel;
    const bits = (count + 7) >> 3;
    const validity = kernel.allocate(bits);
    try {
      kernel.bytes.fill(0, validity.at, validity.at + bits);
      const { definition } = this.#leaf;
      const present = kernel.call.validityOfLevels(definitions.at, count, definition, validity.at);
      if (present === count) return this.#dense(encoding, at, end, count, byteOffset);
      const decoded = this.#values.decode(encoding, at, end, present, count, byteOffset);
      const width = decoded.isIndexed ? 4 : widthOf(this.#leaf.physical);
      const values = decoded.values.at;
      if (width === 0) kernel.call.spreadOffsets(values, present, validity.at, count);
      else {
        kernel.bytes.fill(0, values + present * width, values + count * width);
        kernel.call.spreadValues(values, width, present, validity.at, count);
      }
      const data = this.#columnOf(decoded, count, present, byteOffset);
      const own = this.#copied(validity.at, bits);
      if (data.kind !== 'values') return { ...data, validity: own };
      return {
        kind: 'values',
        values: data.values.map((value, i) => ((own[i >> 3]! >> (i & 7)) & 1 ? value : null)),
      };
    } finally {
      kernel.free(validity);
    }
  }

  #columnOf(decoded: Decoded, count: number, present: number, byteOffset: number): ColumnData {
    if (!decoded.isIndexed) return convertValues(this.#base(decoded, count), this.#leaf);
    const dictionary = this.#dictionary;
    const largest = this.#kernel.call.largest(decoded.values.at, count);
    const indices = new Uint32Array(this.#copied(decoded.values.at, count * 4).buffer);
    this.#kernel.free(decoded.values);
    if (present > 0 && largest >= this.#dictionarySize) {
      throw corrupt('a page refers to what its dictionary does not have', { byteOffset });
    }
    if (dictionary === undefined || this.#dictionarySize === 0) return emptyLike(this.#leaf, count);
    return byIndex(dictionary, indices);
  }

  /** Takes values out of the kernel's memory, and frees that. */
  #base({ values, bytes }: Decoded, count: number): BaseValues {
    const kernel = this.#kernel;
    const { physical } = this.#leaf;
    const width = widthOf(physical);
    try {
      if (width > 0) return fixedValues(physical, this.#copied(values.at, count * width));
      const offsets = new Uint32Array(this.#copied(values.at, (count + 1) * 4).buffer);
      return { kind: 'bytes', offsets, bytes: this.#copied(bytes!.at, offsets[count]!) };
    } finally {
      kernel.free(values);
      kernel.free(bytes);
    }
  }

  #copied(at: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#kernel.call.memory.buffer.slice(at, at + length));
  }
}

function countOf(levels: Uint8Array, level: number): number {
  let count = 0;
  for (let i = 0; i < levels.length; i++) if (levels[i] === level) count++;
  return count;
}

/** Values that are all null, for a page without a dictionary. */
function emptyLike(leaf: Leaf, count: number): ColumnData {
  const width = widthOf(leaf.physical);
  const base: BaseValues =
    width > 0
      ? fixedValues(leaf.physical, new Uint8Array(count * width))
      : { kind: 'bytes', offsets: new Uint32Array(count + 1), bytes: new Uint8Array(0) };
  return convertValues(base, leaf);
}

function byIndex(dictionary: ColumnData, indices: Uint32Array): ColumnData {
  const count = indices.length;
  switch (dictionary.kind) {
    case 'bytes':
      return { kind: 'dictionary', indices, dictionary };
    case 'int64': {
      // Moving halves makes no bigint.
      const { values } = dictionary;
      const from = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
      const to = new Int32Array(count * 2);
      for (let i = 0; i < count; i++) {
        const index = indices[i]!;
        to[i * 2] = from[index * 2]!;
        to[i * 2 + 1] = from[index * 2 + 1]!;
      }
      return { kind: 'int64', values: new BigInt64Array(to.buffer) };
    }
    case 'int32':
      return { kind: 'int32', values: gathered(dictionary.values, new Int32Array(count), indices) };
    case 'float64':
      return { kind: 'float64', values: gathered(dictionary.values, new Float64Array(count), indices) };
    case 'boolean':
      return { kind: 'boolean', values: gathered(dictionary.values, new Uint8Array(count), indices) };
    case 'values':
      return { kind: 'values', values: Array.from(indices, (index) => dictionary.values[index]) };
    case 'dictionary':
      throw new TypeError('a dictionary has no dictionary');
  }
}

function gathered<Values extends Int32Array | Float64Array | Uint8Array>(
  from: Values,
  to: Values,
  indices: Uint32Array,
): Values {
  for (let i = 0; i < indices.length; i++) to[i] = from[indices[i]!]!;
  return to;
}

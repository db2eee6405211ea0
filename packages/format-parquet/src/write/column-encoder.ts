import type { ColumnData } from '@x/formats';
import { sliceOf } from '@x/formats/columns';

import type { Kernel, Region } from '../kernel/kernel.ts';
import { Encoding } from '../metadata/enums.ts';
import { denseValues, type DenseValues } from './dense-values.ts';
import { Dictionary } from './dictionary.ts';
import type { PageWriter, WrittenPage } from './page-writer.ts';
import { Statistics } from './statistics.ts';
import type { WriteLeaf } from './write-schema.ts';

/** Entries a page at most, and bytes from which on it ends. */
const pageEntries = 20_480;
const pageBytes = 1024 * 1024;

/** The levels of a column that is not at the top, a byte each. */
export interface EntryLevels {
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
}

/** What a row group has of a column. */
export interface EncodedChunk {
  readonly pages: readonly WrittenPage[];
  readonly hasDictionary: boolean;
  readonly encodings: readonly number[];
  readonly values: number;
  readonly statistics: Statistics;
}

/** Encodes a column into pages: with a dictionary as long as that pays, else as they are or as differences. */
export class ColumnEncoder {
  readonly leaf: WriteLeaf;
  readonly #kernel: Kernel;
  readonly #pageWriter: PageWriter;
  /** Whether its values are of 8 bytes in the kernel, texts, or neither. */
  readonly #shape: 'words' | 'texts' | 'booleans' | 'wide';
  #definitions: Region;
  #repetitions: Region | undefined;
  /** Indices, where there is a dictionary; else values in the PLAIN encoding (words still of 8 bytes). */
  #pending: Region;
  #pendingBytes = 0;
  #pendingValues = 0;
  #entries = 0;
  #dictionary: Dictionary | undefined;
  /** Whether a row group before had too many different values. */
  #isVaried: boolean;
  #pages: WrittenPage[] = [];
  #encodings = new Set<number>();
  #values = 0;
  #statistics: Statistics;
  /** Of the pages so far. */
  compressedBytes = 0;

  constructor(kernel: Kernel, leaf: WriteLeaf, pageWriter: PageWriter) {
    this.#kernel = kernel;
    this.leaf = leaf;
    this.#pageWriter = pageWriter;
    this.#shape = shapeOf(leaf);
    this.#isVaried = this.#shape === 'booleans' || this.#shape === 'wide';
    this.#definitions = kernel.allocate(0);
    this.#repetitions = leaf.repetition > 0 ? kernel.allocate(0) : undefined;
    this.#pending = kernel.allocate(0);
    this.#statistics = new Statistics(kernel, leaf);
  }

  /** Takes so many values, nulls included. */
  append(data: ColumnData, rows: number): void {
    for (let from = 0; from < rows;) {
      const count = fitting(data, from, Math.min(rows - from, pageEntries - this.#entries));
      const part = sliceOf(data, from, from + count);
      this.#reserveLevels(count);
      this.#takeValidity(part, count);
      this.#takeValues(part, count);
      this.#entries += count;
      from += count;
      this.#flushIfFull();
    }
  }

  /** Takes entries of a column that is not at the top; `data` has the values that are there. */
  appendEntries(levels: EntryLevels, data: ColumnData): void {
    const { definitions, repetitions } = levels;
    for (let from = 0, value = 0; from < definitions.length;) {
      const count = Math.min(definitions.length - from, pageEntries - this.#entries);
      const part = definitions.subarray(from, from + count);
      this.#reserveLevels(count);
      this.#kernel.bytes.set(part, this.#definitions.at + this.#entries);
      if (this.#repetitions !== undefined) {
        this.#kernel.bytes.set(
          repetitions.subarray(from, from + count),
          this.#repetitions.at + this.#entries,
        );
      }
      let present = 0;
      for (let i = 0; i < count; i++) if (part[i] === this.leaf.definition) present++;
      this.#statistics.nulls += count - present;
      this.#takeValues(sliceOf(data, value, value + present), present);
      value += present;
      this.#entries += count;
      from += count;
      this.#flushIfFull();
    }
  }

  /** Ends the row group; what is given is valid for good. */
  finish(): EncodedChunk {
    this.#flush();
    const dictionary = this.#dictionary;
    const pages = [...this.#pages];
    if (dictionary !== undefined) {
      this.#statistics.add(dictionary.entries.at, dictionary.bytes.at, dictionary.count);
      pages.unshift(this.#dictionaryPage(dictionary));
      dictionary.release();
    }
    const chunk = {
      pages,
      hasDictionary: dictionary !== undefined,
      encodings: [...this.#encodings],
      values: this.#values,
      statistics: this.#statistics,
    };
    this.#dictionary = undefined;
    this.#pages = [];
    this.#encodings = new Set();
    this.#values = 0;
    this.#statistics = new Statistics(this.#kernel, this.leaf);
    this.compressedBytes = 0;
    return chunk;
  }

  #takeValidity(data: ColumnData, count: number): void {
    const kernel = this.#kernel;
    const at = this.#definitions.at + this.#entries;
    if (data.kind === 'values') {
      for (let i = 0; i < count; i++) kernel.bytes[at + i] = data.values[i] === null ? 0 : 1;
    } else if (data.validity === undefined) kernel.bytes.fill(1, at, at + count);
    else {
      const bits = kernel.allocate(data.validity.length);
      kernel.bytes.set(data.validity, bits.at);
      kernel.call.unpackBits(bits.at, count, at);
      kernel.free(bits);
    }
  }

  #takeValues(data: ColumnData, rows: number): void {
    const kernel = this.#kernel;
    const dense = denseValues(kernel, this.leaf, data, rows);
    // Entries that have no value were counted with their levels.
    this.#statistics.nulls += rows - dense.count;
    if (!this.#isVaried) this.#dictionary ??= new Dictionary(kernel, this.#shape === 'texts');
    let indexed = 0;
    if (!this.#isVaried && this.#dictionary !== undefined) {
      this.#reserve(dense.count * 4);
      const indices = this.#pending.at + this.#pendingBytes;
      indexed = this.#dictionary.index(dense.values.at, dense.base, dense.count, indices);
      this.#pendingValues += indexed;
      this.#pendingBytes += indexed * 4;
      if (indexed < dense.count) this.#leaveDictionary();
    }
    if (indexed < dense.count) this.#takePlain(dense, indexed);
    kernel.free(dense.values);
    kernel.free(dense.bytes);
  }

  #takePlain(dense: DenseValues, from: number): void {
    const kernel = this.#kernel;
    const { call } = kernel;
    const count = dense.count - from;
    const width = { words: 8, texts: 4, booleans: 1, wide: 16 }[this.#shape];
    const values = dense.values.at + from * width;
    if (this.#shape === 'texts') {
      const at = values >>> 2;
      const size = kernel.words[at + count]! - kernel.words[at]! + count * 4;
      this.#reserve(size);
      call.writePlainTexts(values, dense.base, count, this.#pending.at + this.#pendingBytes);
      this.#pendingBytes += size;
      this.#statistics.add(values, dense.base, count);
    } else {
      this.#reserve(count * width);
      const end = values + count * width;
      kernel.bytes.copyWithin(this.#pending.at + this.#pendingBytes, values, end);
      this.#pendingBytes += count * width;
      if (this.#shape === 'words') this.#statistics.add(values, 0, count);
      else if (this.#shape === 'booleans') this.#statistics.addBooleans(kernel.bytes.subarray(values, end));
    }
    this.#pendingValues += count;
  }

  #reserveLevels(count: number): void {
    const size = this.#entries + count;
    this.#definitions = this.#kernel.enlarge(this.#definitions, size, this.#entries);
    if (this.#repetitions === undefined) return;
    this.#repetitions = this.#kernel.enlarge(this.#repetitions, size, this.#entries);
  }

  #reserve(size: number): void {
    this.#pending = this.#kernel.enlarge(this.#pending, this.#pendingBytes + size, this.#pendingBytes);
  }

  /** Goes on without the dictionary: turns the indices of the page at hand into values. */
  #leaveDictionary(): void {
    this.#isVaried = true;
    const kernel = this.#kernel;
    const { call } = kernel;
    const dictionary = this.#dictionary!;
    const indices = this.#pending;
    const count = this.#pendingValues;
    if (this.#shape === 'texts') {
      const length = call.lengthOfEntries(dictionary.entries.at, indices.at, count);
      const offsets = kernel.allocate((count + 1) * 4);
      const bytes = kernel.allocate(length);
      call.textsOfEntries(
        dictionary.entries.at,
        dictionary.bytes.at,
        indices.at,
        count,
        offsets.at,
        bytes.at,
      );
      this.#pending = kernel.allocate(length + count * 4);
      call.writePlainTexts(offsets.at, bytes.at, count, this.#pending.at);
      this.#pendingBytes = length + count * 4;
      kernel.free(offsets);
      kernel.free(bytes);
    } else {
      this.#pending = kernel.allocate(count * 8);
      call.entriesOf(dictionary.entries.at, 8, indices.at, count, this.#pending.at);
      this.#pendingBytes = count * 8;
    }
    kernel.free(indices);
    if (this.#pages.length === 0) {
      this.#statistics.add(dictionary.entries.at, dictionary.bytes.at, dictionary.count);
      dictionary.release();
      this.#dictionary = undefined;
    }
  }

  #flushIfFull(): void {
    if (this.#entries < pageEntries && this.#pendingBytes < pageBytes) return;
    const dictionary = this.#isVaried ? undefined : this.#dictionary;
    // When most values of the first page are different, a dictionary does not pay.
    if (dictionary !== undefined && this.#pages.length === 0 && dictionary.count * 2 > this.#pendingValues) {
      this.#leaveDictionary();
    }
    this.#flush();
  }

  #flush(): void {
    if (this.#entries === 0) return;
    const kernel = this.#kernel;
    const isIndexed = !this.#isVaried;
    const { definition, repetition } = this.leaf;
    const count = this.#entries;
    const room = 2 * (64 + count * 6) + this.#pendingBytes * 2 + count * 2 + 1024;
    const body = kernel.allocate(room);
    let o = body.at;
    if (this.#repetitions !== undefined) o = this.#writeLevels(this.#repetitions, repetition, o);
    if (definition > 0) o = this.#writeLevels(this.#definitions, definition, o);
    const [end, encoding] = isIndexed ? this.#writeIndices(o) : this.#writePlain(o);
    const page = this.#pageWriter.data(body.at, end - body.at, count, encoding);
    kernel.free(body);
    this.#pages.push(page);
    this.compressedBytes += page.size;
    this.#encodings.add(encoding);
    this.#values += count;
    this.#entries = 0;
    this.#pendingBytes = 0;
    this.#pendingValues = 0;
  }

  /** Behind their length. */
  #writeLevels(levels: Region, greatest: number, o: number): number {
    const kernel = this.#kernel;
    const words = kernel.allocate(this.#entries * 4);
    kernel.call.widen(levels.at, this.#entries, words.at);
    const end = kernel.call.encodeHybrid(words.at, this.#entries, 32 - Math.clz32(greatest), o + 4);
    kernel.bytes.writeUInt32LE(end - o - 4, o);
    kernel.free(words);
    return end;
  }

  #writeIndices(o: number): [end: number, encoding: number] {
    const kernel = this.#kernel;
    const width = Math.max(1, 32 - Math.clz32(this.#dictionary!.count - 1));
    kernel.bytes[o] = width;
    return [
      kernel.call.encodeHybrid(this.#pending.at, this.#pendingValues, width, o + 1),
      Encoding.rleDictionary,
    ];
  }

  #writePlain(o: number): [end: number, encoding: number] {
    const kernel = this.#kernel;
    const { call } = kernel;
    const { at } = this.#pending;
    const count = this.#pendingValues;
    if (this.#shape === 'booleans') {
      call.packBits(at, count, o);
      return [o + ((count + 7) >> 3), Encoding.plain];
    }
    const { physical } = this.leaf;
    if (physical === 'INT64' || physical === 'INT32') {
      const width = physical === 'INT64' ? 8 : 4;
      const end = call.encodeDelta(at, count, o);
      if (end - o < count * width * 0.75) return [end, Encoding.deltaBinaryPacked];
      if (width === 4) {
        call.halve(at, count, o);
        return [o + count * 4, Encoding.plain];
      }
    }
    kernel.bytes.copyWithin(o, at, at + this.#pendingBytes);
    return [o + this.#pendingBytes, Encoding.plain];
  }

  #dictionaryPage(dictionary: Dictionary): WrittenPage {
    const kernel = this.#kernel;
    const { entries, bytes, count } = dictionary;
    const room = this.#shape === 'texts' ? dictionary.byteLength + count * 4 : count * 8;
    const body = kernel.allocate(room);
    let end = body.at + room;
    if (this.#shape === 'texts') kernel.call.writePlainTexts(entries.at, bytes.at, count, body.at);
    else if (this.leaf.physical === 'INT32') {
      kernel.call.halve(entries.at, count, body.at);
      end = body.at + count * 4;
    } else kernel.bytes.copyWithin(body.at, entries.at, entries.at + count * 8);
    const page = this.#pageWriter.dictionary(body.at, end - body.at, count);
    kernel.free(body);
    return page;
  }
}

/** So many values that they do not make a page too large, where there are more than one. */
function fitting(data: ColumnData, from: number, most: number): number {
  if (data.kind !== 'bytes') return most;
  let count = most;
  while (count > 1 && data.offsets[from + count]! - data.offsets[from]! > pageBytes) count >>= 1;
  return count;
}

function shapeOf({ physical }: WriteLeaf): 'words' | 'texts' | 'booleans' | 'wide' {
  if (physical === 'BOOLEAN') return 'booleans';
  if (physical === 'BYTE_ARRAY') return 'texts';
  return physical === 'FIXED_LEN_BYTE_ARRAY' ? 'wide' : 'words';
}

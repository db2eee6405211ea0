import { FormatError } from '@x/formats';

import { kernelModule } from './kernel.generated.ts';
import { pageBytes, webAssembly, type WasmMemory } from './web-assembly.ts';

/** What the module in assembly/ exports; each function is documented there. */
interface KernelFunctions {
  readonly memory: WasmMemory;
  decodeDelta(source: number, end: number, room: number, size: number, out: number): number;
  encodeDelta(values: number, count: number, out: number): number;
  offsetsOfLengths(lengths: number, count: number, available: number, offsets: number): number;
  prefixedLength(prefixes: number, suffixes: number, count: number): number;
  joinPrefixes(
    prefixes: number,
    suffixes: number,
    count: number,
    bytes: number,
    offsets: number,
    out: number,
  ): void;
  indexWords(
    values: number,
    count: number,
    slots: number,
    mask: number,
    entries: number,
    entryCount: number,
    most: number,
    indices: number,
  ): number;
  indexTexts(
    offsets: number,
    bytes: number,
    count: number,
    slots: number,
    mask: number,
    entryOffsets: number,
    entryBytes: number,
    entryCount: number,
    most: number,
    room: number,
    indices: number,
  ): number;
  rehashWords(entries: number, count: number, slots: number, mask: number): void;
  rehashTexts(offsets: number, bytes: number, count: number, slots: number, mask: number): void;
  entriesOf(entries: number, size: number, indices: number, count: number, out: number): void;
  lengthOfEntries(offsets: number, indices: number, count: number): number;
  textsOfEntries(
    offsets: number,
    bytes: number,
    indices: number,
    count: number,
    outOffsets: number,
    out: number,
  ): void;
  extremeTexts(offsets: number, bytes: number, count: number): void;
  extremeIntegers(values: number, size: number, count: number): void;
  extremeDoubles(values: number, count: number): number;
  decodeHybrid(source: number, end: number, width: number, count: number, out: number): number;
  encodeHybrid(values: number, count: number, width: number, out: number): number;
  widen(bytes: number, count: number, words: number): void;
  narrow(words: number, count: number, bytes: number): number;
  largest(words: number, count: number): number;
  lz4Decompress(source: number, end: number, out: number, expected: number): number;
  plainTexts(source: number, end: number, count: number, offsets: number, out: number): number;
  writePlainTexts(offsets: number, bytes: number, count: number, out: number): number;
  packBits(values: number, count: number, out: number): void;
  unpackBits(bits: number, count: number, out: number): void;
  joinStreams(source: number, count: number, size: number, out: number): void;
  validityOfLevels(levels: number, count: number, greatest: number, validity: number): number;
  spreadValues(values: number, size: number, present: number, validity: number, count: number): void;
  spreadOffsets(offsets: number, present: number, validity: number, count: number): void;
  double(values: number, count: number, out: number): void;
  halve(values: number, count: number, out: number): void;
  gatherValid(values: number, size: number, validity: number, count: number, out: number): number;
  gatherValidOffsets(offsets: number, validity: number, count: number, out: number): number;
  levelsOfValidity(validity: number, count: number, levels: number): void;
  snappyCompress(source: number, length: number, out: number, table: number): number;
  snappyDecompress(source: number, end: number, out: number, expected: number): number;
}

/** Words of the memory in which a function reports. assembly/report.ts has the same, in bytes. */
export const Report = { end: 0, count: 1, least: 2, greatest: 3 } as const;

/** More than is asked for may be read or overwritten behind a region. */
const margin = 64;
const smallest = 256;

let compiled: object | undefined;

/** A kernel and its memory, of which regions are taken and given back. */
export class Kernel {
  readonly call: KernelFunctions;
  #bytes: Buffer;
  #words: Uint32Array;
  #used = pageBytes;
  /** Regions that were given back, by the logarithm of their size. */
  readonly #free: number[][] = [];

  /** @throws {FormatError} UNAVAILABLE where there is no WebAssembly. */
  constructor() {
    if (webAssembly === undefined) {
      throw new FormatError('UNAVAILABLE', 'Parquet needs WebAssembly', {
        format: 'parquet',
        hint: 'run Node.js without --jitless',
      });
    }
    compiled ??= new webAssembly.Module(Buffer.from(kernelModule, 'base64'));
    // Nothing aborts: it is compiled without assertions.
    const imports = { env: { abort: () => undefined } };
    this.call = new webAssembly.Instance(compiled, imports).exports as KernelFunctions;
    this.#bytes = Buffer.from(this.call.memory.buffer);
    this.#words = new Uint32Array(this.call.memory.buffer);
  }

  /** All of the memory. To be asked for again after anything that may have allocated. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get words(): Uint32Array {
    return this.#words;
  }

  /** Gives out a region; its content is anything. */
  allocate(size: number): Region {
    const log = logOf(size);
    const free = this.#free[log]?.pop();
    if (free !== undefined) return { at: free, size: 2 ** log };
    const at = this.#used;
    this.#used += 2 ** log + margin;
    const missing = Math.ceil((this.#used - this.#bytes.length) / pageBytes);
    if (missing > 0) this.#grow(missing);
    return { at, size: 2 ** log };
  }

  free(region: Region | undefined): void {
    if (region !== undefined) (this.#free[logOf(region.size)] ??= []).push(region.at);
  }

  /** A region of at least that size, in place of the one there is; the first `kept` bytes stay. */
  enlarge(region: Region, size: number, kept: number): Region {
    if (region.size >= size) return region;
    const larger = this.allocate(size);
    this.#bytes.copyWithin(larger.at, region.at, region.at + kept);
    this.free(region);
    return larger;
  }

  #grow(pages: number): void {
    try {
      // A little more, so that it need not be done for each region.
      this.call.memory.grow(Math.max(pages, Math.min(256, this.#bytes.length / pageBytes)));
    } catch (cause) {
      throw new FormatError('LIMIT', 'Parquet needs more than 4 GiB of memory', {
        format: 'parquet',
        cause,
        hint: 'read fewer columns at once, or write smaller row groups',
      });
    }
    this.#bytes = Buffer.from(this.call.memory.buffer);
    this.#words = new Uint32Array(this.call.memory.buffer);
  }
}

/** Part of a kernel's memory. */
export interface Region {
  readonly at: number;
  readonly size: number;
}

function logOf(size: number): number {
  return Math.ceil(Math.log2(Math.max(size, smallest)));
}

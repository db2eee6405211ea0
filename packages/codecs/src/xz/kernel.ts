import { pageBytes, type WebAssemblyApi } from '../web-assembly.ts';
import { xzModule } from './kernel.generated.ts';

/** What the module in assembly/xz/ exports; each function is documented there. Arguments are addresses. */
interface Exports {
  setProperties(properties: number): number;
  resetState(): void;
  emptyDictionary(): void;
  addStored(length: number): void;
  decodeChunk(
    source: number,
    sourceEnd: number,
    target: number,
    targetEnd: number,
    history: number,
    dictionarySize: number,
  ): number;
  crcReset(): void;
  crcUpdate(start: number, end: number): void;
  crcDigest(): bigint;
}

/** Bytes of output that a chunk stands for at most. */
const longestOutput = 2 * 1024 * 1024;

/** Bytes that the kernel may write into behind its output. */
const slack = 8;

// What is where in the memory, in bytes. The probabilities begin at 1024, the tables of the CRC at 32768.
const inputAt = 64 * 1024;
const windowAt = 3 * 64 * 1024;

let compiled: object | undefined;

/**
 * LZMA2 and CRC-64 in WebAssembly, on a memory with an input and a window. Output lies in the window
 * one chunk behind the other, and stays what it is while the next chunk is decoded.
 */
export class XzKernel {
  readonly dictionarySize: number;
  readonly #exports: Exports;
  readonly #memory: Uint8Array;
  /** Where in the window the dictionary was emptied, or begins since it was last moved. */
  #history = windowAt;
  /** Where the output ends. */
  #end = windowAt;

  constructor({ Memory, Module, Instance }: WebAssemblyApi, dictionarySize: number) {
    // Now and then the last of the window moves to its front: seldom enough to cost little, and never
    // over the chunk before. Pages that were not yet written to take no memory.
    const window = dictionarySize + Math.floor(dictionarySize / 4) + 3 * longestOutput + slack;
    const pages = Math.ceil((windowAt + window) / pageBytes);
    const memory = new Memory({ initial: pages, maximum: pages });
    compiled ??= new Module(Buffer.from(xzModule, 'base64'));
    this.dictionarySize = dictionarySize;
    this.#memory = new Uint8Array(memory.buffer);
    this.#exports = new Instance(compiled, { env: { memory } }).exports as Exports;
  }

  /** Where to put the input of a chunk. */
  input(length: number): Uint8Array {
    return this.#memory.subarray(inputAt, inputAt + length);
  }

  emptyDictionary(): void {
    this.#history = this.#end;
    this.#exports.emptyDictionary();
  }

  /** Returns false for a byte that no properties are stored as. */
  setProperties(properties: number): boolean {
    return this.#exports.setProperties(properties) !== 0;
  }

  resetState(): void {
    this.#exports.resetState();
  }

  /** Decodes the first `inputLength` bytes of the input. Returns `undefined` for a bad chunk. */
  decode(inputLength: number, length: number): Uint8Array | undefined {
    this.#makeRoom(length);
    const valid = this.#exports.decodeChunk(
      inputAt,
      inputAt + inputLength,
      this.#end,
      this.#end + length,
      this.#history,
      this.dictionarySize,
    );
    if (valid === 0) return undefined;
    return this.#output(length);
  }

  /** Takes the first `length` bytes of the input as they are. */
  store(length: number): Uint8Array {
    this.#makeRoom(length);
    this.#memory.copyWithin(this.#end, inputAt, inputAt + length);
    this.#exports.addStored(length);
    return this.#output(length);
  }

  beginCrc(): void {
    this.#exports.crcReset();
  }

  /** Adds output to the CRC. */
  addToCrc(output: Uint8Array): void {
    this.#exports.crcUpdate(output.byteOffset, output.byteOffset + output.length);
  }

  /** The CRC-64 of what was added since it began. */
  crc(): bigint {
    return BigInt.asUintN(64, this.#exports.crcDigest());
  }

  #output(length: number): Uint8Array {
    this.#end += length;
    return this.#memory.subarray(this.#end - length, this.#end);
  }

  #makeRoom(length: number): void {
    if (this.#end + length + slack <= this.#memory.length) return;
    const kept = Math.min(this.dictionarySize, this.#end - this.#history);
    this.#memory.copyWithin(windowAt, this.#end - kept, this.#end);
    this.#history = windowAt;
    this.#end = windowAt + kept;
  }
}

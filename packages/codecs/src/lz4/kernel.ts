import { pageBytes, type WebAssemblyApi } from '../web-assembly.ts';
import { lz4Module } from './kernel.generated.ts';

/** What the module in assembly/ exports; each function is documented there. Arguments are addresses. */
interface Exports {
  decodeBlock(source: number, sourceEnd: number, target: number, targetEnd: number, history: number): number;
  encodeBlock(source: number, sourceEnd: number, target: number): number;
  hashReset(state: number): void;
  hashUpdate(state: number, start: number, end: number): void;
  hashDigest(state: number): number;
}

/** Room that the kernel may write into behind its output. */
const slack = 64;

/** How far back a match can refer. */
export const historyBytes = 64 * 1024;

// What is where in the memory, in bytes. The table of the encoder begins at 1024.
const contentHashAt = 64;
const blockHashAt = 128;
const inputAt = 128 * 1024;

let compiled: object | undefined;

/** The LZ4 block format and XXH32 in WebAssembly, on a memory with an input and two outputs. */
export class Lz4Kernel {
  readonly blockSize: number;
  /** All of the memory; what the methods take and give are positions in it. */
  readonly bytes: Uint8Array;
  readonly inputAt = inputAt;
  /** Two outputs that take turns, each behind room for what precedes it. */
  readonly outputsAt: readonly [number, number];
  readonly #exports: Exports;

  /** @param blockSize Bytes that a block stands for at most. */
  constructor({ Memory, Module, Instance }: WebAssemblyApi, blockSize: number) {
    // A block that got longer by being compressed still fits.
    const room = blockSize + Math.ceil(blockSize / 255) + slack;
    this.blockSize = blockSize;
    this.outputsAt = [inputAt + room + historyBytes, inputAt + 2 * (room + historyBytes)];
    const pages = Math.ceil((this.outputsAt[1] + room) / pageBytes);
    const memory = new Memory({ initial: pages, maximum: pages });
    compiled ??= new Module(Buffer.from(lz4Module, 'base64'));
    this.bytes = new Uint8Array(memory.buffer);
    this.#exports = new Instance(compiled, { env: { memory } }).exports as Exports;
  }

  /** Decodes the first `length` bytes of the input. Returns the end of the output; 0 for a bad block. */
  decode(length: number, outputAt: number, history: number): number {
    const outputEnd = outputAt + this.blockSize;
    return this.#exports.decodeBlock(inputAt, inputAt + length, outputAt, outputEnd, history);
  }

  /** Encodes the first `length` bytes of the input. Returns the end of the output. */
  encode(length: number, outputAt: number): number {
    return this.#exports.encodeBlock(inputAt, inputAt + length, outputAt);
  }

  beginContentHash(): void {
    this.#exports.hashReset(contentHashAt);
  }

  addToContentHash(start: number, end: number): void {
    this.#exports.hashUpdate(contentHashAt, start, end);
  }

  contentHash(): number {
    return this.#exports.hashDigest(contentHashAt) >>> 0;
  }

  /** XXH32 of the first `length` bytes of the input. */
  inputHash(length: number): number {
    this.#exports.hashReset(blockHashAt);
    this.#exports.hashUpdate(blockHashAt, inputAt, inputAt + length);
    return this.#exports.hashDigest(blockHashAt) >>> 0;
  }
}

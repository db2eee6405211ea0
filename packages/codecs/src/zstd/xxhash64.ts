import { pageBytes, requireWebAssembly } from '../web-assembly.ts';
import { xxhash64Module } from './kernel.generated.ts';

/** What the module in assembly/zstd/ exports; each function is documented there. Arguments are addresses. */
interface Exports {
  hashReset(): void;
  hashUpdate(start: number, end: number): void;
  hashDigest(): number;
}

/** Where the input lies in the memory, in bytes. What is before it, the module uses. */
const inputAt = 1024;

let compiled: object | undefined;

/** The lower half of XXH64, the checksum of zstd frames (RFC 8878, 3.1.1). */
export class Xxhash64 {
  readonly #exports: Exports;
  readonly #input: Uint8Array;

  /** Throws `UNAVAILABLE` where Node.js has no WebAssembly. */
  constructor() {
    const { Memory, Module, Instance } = requireWebAssembly('zstd');
    const memory = new Memory({ initial: 3, maximum: 3 });
    compiled ??= new Module(Buffer.from(xxhash64Module, 'base64'));
    this.#exports = new Instance(compiled, { env: { memory } }).exports as Exports;
    this.#input = new Uint8Array(memory.buffer, inputAt, 2 * pageBytes);
    this.#exports.hashReset();
  }

  reset(): void {
    this.#exports.hashReset();
  }

  add(bytes: Uint8Array): void {
    const { length } = this.#input;
    for (let at = 0; at < bytes.length; at += length) {
      const part = bytes.subarray(at, at + length);
      this.#input.set(part);
      this.#exports.hashUpdate(inputAt, inputAt + part.length);
    }
  }

  digest(): number {
    return this.#exports.hashDigest() >>> 0;
  }
}

import type { RandomAccessSource } from '../contract.ts';

/** What a chunk is overwritten with once its consumer has asked for the next one. */
const stale = 0x2a;

/** Bytes in memory as a source that keeps to the letter of the contract, and counts what is asked of it. */
export class MemorySource implements RandomAccessSource {
  readonly size: number;
  /** Bytes given out so far. */
  given = 0;
  /** Whether the iteration is over, by its end or because the consumer left. */
  isEnded = false;
  readonly #bytes: Uint8Array;
  readonly #chunkSize: number;

  constructor(bytes: Uint8Array, chunkSize = 65_536) {
    this.#bytes = bytes;
    this.#chunkSize = chunkSize;
    this.size = bytes.length;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(Math.min(this.#chunkSize, this.size));
    try {
      for (let start = 0; start < this.size; start += this.#chunkSize) {
        const part = this.#bytes.subarray(start, start + this.#chunkSize);
        buffer.set(part);
        this.given += part.length;
        yield buffer.subarray(0, part.length);
        buffer.fill(stale);
      }
    } finally {
      this.isEnded = true;
    }
  }

  async readAt(position: number, length: number): Promise<Uint8Array> {
    if (position < 0 || length < 0 || position + length > this.size) {
      throw new RangeError(`Bytes ${position} to ${position + length} of ${this.size} were asked for`);
    }
    this.given += length;
    return this.#bytes.slice(position, position + length);
  }
}

import type { ByteCursor } from '../byte-cursor.ts';

const windowBytes = 64 * 1024;

/** Zero bytes behind the end of the input, so that loops may run past it before they look. */
const padding = 256;

/**
 * Reads bits, the highest of every byte first. What is read must be there: `ensure` waits for it,
 * so that reading itself never has to.
 *
 * The fields are open to loops that keep them in variables.
 */
export class BitReader {
  bytes = new Uint8Array(windowBytes + padding);
  /** The next byte to take, and where those end that the input has delivered. */
  position = 0;
  end = 0;
  /** Bits that were taken and not read, as the lowest of a word. */
  word = 0;
  bits = 0;
  #inputEnded = false;
  readonly #input: ByteCursor;

  constructor(input: ByteCursor) {
    this.#input = input;
  }

  /** Whether the input has ended, and less than so many bits of it are left. */
  endsWithin(bits: number): boolean {
    return this.#inputEnded && (this.end - this.position) * 8 + this.bits < bits;
  }

  /** Whether that many bytes are at hand; `false` says that `ensure` must be called, if the input has not ended. */
  has(count: number): boolean {
    return this.#inputEnded || this.end - this.position >= count;
  }

  /** Makes the next `count` bytes available, or all that are left of the input. */
  async ensure(count: number): Promise<void> {
    if (this.has(count)) return;
    this.bytes.copyWithin(0, this.position, this.end);
    this.end -= this.position;
    this.position = 0;
    while (this.end < count && !this.#inputEnded) {
      const chunk = (await this.#input.peek()).subarray(0, windowBytes - this.end);
      this.bytes.set(chunk, this.end);
      this.end += chunk.length;
      this.#input.advance(chunk.length);
      this.#inputEnded = chunk.length === 0;
    }
    this.bytes.fill(0, this.end, this.end + padding);
  }

  /** The next bits, 24 at most, as a number. */
  read(count: number): number {
    while (this.bits < count) {
      this.word = (this.word << 8) | this.bytes[this.position++]!;
      this.bits += 8;
    }
    this.bits -= count;
    return (this.word >>> this.bits) & ((1 << count) - 1);
  }

  /** The next 32 bits as an unsigned number. */
  read32(): number {
    return this.read(16) * 0x10000 + this.read(16);
  }

  /** Drops the rest of a byte that was begun. */
  alignToByte(): void {
    this.bits -= this.bits % 8;
  }

  /** Position in the input of the byte that holds the next bit. */
  get offset(): number {
    const unread = this.end - this.position + (this.bits >>> 3);
    return this.#input.offset - Math.max(0, unread);
  }
}

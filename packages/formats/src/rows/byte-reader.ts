import type { ByteSource } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { Chunks } from '../source/chunks.ts';

/** Takes from a source as many bytes as are asked for, however they come. */
export class ByteReader {
  readonly #chunks: Chunks;
  readonly #format: string;
  #buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #isEnded = false;
  /** Bytes taken so far. */
  position = 0;

  constructor(bytes: ByteSource, format: string) {
    this.#chunks = new Chunks(bytes);
    this.#format = format;
  }

  /** Whether nothing follows. */
  async isAtEnd(): Promise<boolean> {
    return !(await this.#has(1));
  }

  /** The next bytes, at most so many, without taking them; valid until the next call. */
  async peek(length: number): Promise<Uint8Array> {
    await this.#has(length);
    return this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + length));
  }

  /** The next byte. */
  async byte(): Promise<number> {
    if (this.#start === this.#end) await this.#need(1);
    this.position++;
    return this.#buffer[this.#start++]!;
  }

  /**
   * The next bytes, in a buffer that stays as it is. What is not there is not allocated either.
   *
   * @throws {FormatError} TRUNCATED
   */
  async bytes(length: number): Promise<Buffer> {
    await this.#need(length);
    const taken = this.#buffer.subarray(this.#start, this.#start + length);
    this.#start += length;
    this.position += length;
    // What has been given away is not written to again.
    return taken;
  }

  /** All that follows, at least one byte, valid until the next call; undefined at the end. */
  async chunk(): Promise<Uint8Array | undefined> {
    if (!(await this.#has(1))) return undefined;
    const taken = this.#buffer.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.position += taken.length;
    return taken;
  }

  /** All that is at hand, at least so many bytes if there are as many; they are not taken, and valid until the next call. */
  async held(least: number): Promise<Buffer> {
    await this.#has(least);
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Takes bytes that are at hand. */
  pass(length: number): void {
    this.#start += length;
    this.position += length;
  }

  /** Ends the source. */
  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#chunks.return();
  }

  async #need(length: number): Promise<void> {
    if (await this.#has(length)) return;
    throw new FormatError('TRUNCATED', 'the file ends in the middle', {
      format: this.#format,
      byteOffset: this.position + this.#end - this.#start,
      hint: 'it was not written or copied to its end: get it once more',
    });
  }

  async #has(length: number): Promise<boolean> {
    while (this.#end - this.#start < length) {
      if (this.#isEnded) return false;
      const { done, value } = await this.#chunks.next();
      if (done === true) this.#isEnded = true;
      else this.#append(value);
    }
    return true;
  }

  #append(chunk: Uint8Array): void {
    const held = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(chunk.length + held, held * 2, 4096));
      this.#buffer.copy(larger, 0, this.#start, this.#end);
      this.#buffer = larger;
      this.#start = 0;
      this.#end = held;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }
}

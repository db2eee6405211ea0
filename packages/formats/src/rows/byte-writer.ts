import type { ByteSink } from '../contract.ts';

/** Bytes a chunk, about. */
const chunkBytes = 64 * 1024;

/** Gathers bytes. Numbers are little-endian unless their name says BE. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(chunkBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has been gathered; valid until the next call. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Takes back what comes after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  byte(value: number): void {
    if (this.#length === this.#buffer.length) this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  put(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Text as UTF-8; gives its length in bytes. */
  text(text: string): number {
    this.#reserve(text.length * 3);
    const written = this.#buffer.write(text, this.#length);
    this.#length += written;
    return written;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#length = this.#buffer.writeUInt16LE(value, this.#length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }

  int64(value: bigint): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeBigInt64LE(value, this.#length);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  uint16BE(value: number): void {
    this.#reserve(2);
    this.#length = this.#buffer.writeUInt16BE(value, this.#length);
  }

  uint32BE(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32BE(value, this.#length);
  }

  uint64BE(value: bigint): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeBigUInt64BE(value, this.#length);
  }

  doubleBE(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32LE(value, this.#length);
  }

  /** Writes a byte again that was written at `at`. */
  patchByte(at: number, value: number): void {
    this.#buffer[at] = value;
  }

  /** Writes a number again that was written at `at`. */
  patchInt32(at: number, value: number): void {
    this.#buffer.writeInt32LE(value, at);
  }

  /** Hands to a sink what has been gathered, if that is enough for a chunk, or `all` of it. */
  async drain(sink: ByteSink, all = false): Promise<void> {
    if (this.#length === 0 || (!all && this.#length < chunkBytes)) return;
    const chunk = this.bytes;
    this.#length = 0;
    await sink.write(chunk);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + more));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/**
 * The part of a source that is in memory: bytes are appended at the end and consumed from the
 * start, a record at a time. It grows only while a single record does not fit.
 */
export class RecordBuffer {
  bytes: Uint8Array;
  /** First byte not consumed. */
  start = 0;
  /** Just after the last byte. */
  end = 0;
  /** Position of `bytes[0]` in the source. */
  #base = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Position in the source of `bytes[index]`. */
  offsetOf(index: number): number {
    return this.#base + index;
  }

  get isFull(): boolean {
    return this.start === 0 && this.end === this.bytes.length;
  }

  /** Takes as much of the chunk as there is room for, and says how much that was. */
  append(chunk: Uint8Array): number {
    const taken = Math.min(chunk.length, this.bytes.length - this.end);
    this.bytes.set(taken === chunk.length ? chunk : chunk.subarray(0, taken), this.end);
    this.end += taken;
    return taken;
  }

  /** Gives the room of what was consumed back, and doubles it where there was none. */
  makeRoom(): void {
    if (this.isFull) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
      return;
    }
    this.bytes.copyWithin(0, this.start, this.end);
    this.#base += this.start;
    this.end -= this.start;
    this.start = 0;
  }
}

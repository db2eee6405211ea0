/**
 * Where an engine puts its output. With `reuse` two buffers take turns, so that a piece stays as
 * it is while the next one is made; without it every piece has memory of its own.
 */
export class OutputBuffers {
  /** Bytes a piece at most. */
  readonly size: number;
  readonly #reuse: boolean;
  #current: Uint8Array | undefined;
  #other: Uint8Array | undefined;

  constructor(reuse: boolean, size = 256 * 1024) {
    this.size = size;
    this.#reuse = reuse;
  }

  /** The buffer to fill next. */
  get current(): Uint8Array {
    return (this.#current ??= Buffer.allocUnsafeSlow(this.size));
  }

  /** The first `length` bytes of the current buffer, for the consumer. */
  handOver(length: number): Uint8Array {
    const piece = this.current.subarray(0, length);
    if (this.#reuse) {
      [this.#current, this.#other] = [this.#other, this.#current];
      return piece;
    }
    // A short piece must not keep a large buffer alive in the hands of whoever collects pieces.
    if (length < this.size / 2) return new Uint8Array(piece);
    this.#current = undefined;
    return piece;
  }
}

/** Where an engine puts its output. */
export interface OutputSpace {
  /** The memory to fill next. */
  readonly current: Uint8Array;
  /** The first `length` bytes of it, for the consumer. */
  handOver(length: number): Uint8Array;
}

/** Bytes of the first piece and of the largest ones. */
const firstSize = 64 * 1024;
const largestSize = 512 * 1024;

/**
 * Pieces that grow while they are filled to the brim: little output takes little memory, and much
 * of it few steps. With `reuse` two buffers take turns, so that a piece stays as it is while the
 * next one is made; without it every piece has memory of its own.
 */
export class OutputBuffers implements OutputSpace {
  readonly #reuse: boolean;
  #size: number;
  #current: Uint8Array | undefined;
  #other: Uint8Array | undefined;

  constructor(reuse: boolean, size = firstSize) {
    this.#reuse = reuse;
    this.#size = size;
  }

  get current(): Uint8Array {
    return (this.#current ??= Buffer.allocUnsafeSlow(this.#size));
  }

  handOver(length: number): Uint8Array {
    const { current } = this;
    const piece = current.subarray(0, length);
    if (length === current.length && length < largestSize) this.#size = 2 * length;
    if (this.#reuse) {
      this.#current = this.#other?.length === this.#size ? this.#other : undefined;
      this.#other = current;
      return piece;
    }
    // A short piece must not keep a large buffer alive in the hands of whoever collects pieces.
    if (length < current.length / 2) return new Uint8Array(piece);
    this.#current = undefined;
    return piece;
  }
}

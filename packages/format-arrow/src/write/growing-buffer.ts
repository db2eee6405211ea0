/** Bytes that are added at the end, in memory that is used again. */
export class GrowingBuffer {
  #bytes = Buffer.allocUnsafeSlow(4096);
  length = 0;

  /** What has been added. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  add(bytes: ArrayBufferView): void {
    const at = this.grow(bytes.byteLength);
    this.#bytes.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), at);
  }

  /** Room for so many bytes more, whatever is in them; gives their place. */
  grow(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }

  /** So many numbers more, to be set. They begin at a multiple of their width, if all have that width. */
  words(count: number): Int32Array {
    const at = this.grow(count * 4);
    return new Int32Array(this.#bytes.buffer, this.#bytes.byteOffset + at, count);
  }
}

/** Bits that are added at the end. */
export class GrowingBits {
  readonly #bytes = new GrowingBuffer();
  count = 0;
  /** How many are 0. */
  zeros = 0;

  get bytes(): Uint8Array {
    return this.#bytes.bytes;
  }

  clear(): void {
    this.#bytes.clear();
    this.count = 0;
    this.zeros = 0;
  }

  /** Bits `from` to `to` of others, or so many ones. */
  add(bits: Uint8Array | undefined, from: number, to: number): void {
    this.#each(to - from, (i) => (bits === undefined ? 1 : (bits[(from + i) >> 3]! >> ((from + i) & 7)) & 1));
  }

  /** A bit for each byte, 0 or 1. */
  addBytes(bytes: Uint8Array): void {
    this.#each(bytes.length, (i) => bytes[i]!);
  }

  #each(count: number, bitAt: (index: number) => number): void {
    const added = ((this.count + count + 7) >> 3) - this.#bytes.length;
    const at = this.#bytes.grow(added);
    const { bytes } = this.#bytes;
    bytes.fill(0, at);
    for (let i = 0; i < count; i++) {
      const bit = bitAt(i);
      const place = this.count + i;
      bytes[place >> 3]! |= bit << (place & 7);
      this.zeros += 1 - bit;
    }
    this.count += count;
  }
}

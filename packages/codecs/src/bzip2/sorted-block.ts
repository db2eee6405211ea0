/** The content of a block as the format stores it: sorted by the Burrows-Wheeler transform. */
export class SortedBlock {
  /** A byte in the lowest bits of every word; in the higher ones, where the byte after it lies. */
  readonly words: Uint32Array;
  /** The content, once it is unsorted; run lengths are still in it. */
  readonly bytes: Uint8Array;
  length = 0;
  /** The CRC-32 that the block shall have. */
  crc = 0;
  /** Where the next byte to unsort lies, and how many there were. */
  #position = 0;
  #done = 0;

  constructor(size: number) {
    this.words = new Uint32Array(size);
    this.bytes = new Uint8Array(size);
  }

  /** Links every byte to the one after it. `origin` is where the first of all lies. */
  link(length: number, origin: number, crc: number): void {
    const { words } = this;
    const places = new Uint32Array(256);
    for (let i = 0; i < length; i++) places[words[i]!]!++;
    let sum = 0;
    for (let byte = 0; byte < 256; byte++) {
      const count = places[byte]!;
      places[byte] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) words[places[words[i]! & 0xff]!++]! |= i << 8;
    this.length = length;
    this.crc = crc;
    this.#position = words[origin]! >>> 8;
    this.#done = 0;
  }

  /** Unsorts what is left of the block. */
  unsort(): void {
    const { words, bytes, length } = this;
    let position = this.#position;
    for (let i = this.#done; i < length; i++) {
      const word = words[position]!;
      bytes[i] = word;
      position = word >>> 8;
    }
    this.#done = length;
  }

  /**
   * Unsorts two blocks at once. Every step waits for memory, which two of them can do at the same
   * time. With four of them their memory is more than a processor keeps at hand.
   */
  static unsortTwo(a: SortedBlock, b: SortedBlock): void {
    const common = Math.min(a.length, b.length);
    const { words: wordsA, bytes: bytesA } = a;
    const { words: wordsB, bytes: bytesB } = b;
    let atA = a.#position;
    let atB = b.#position;
    for (let i = 0; i < common; i++) {
      const wordA = wordsA[atA]!;
      const wordB = wordsB[atB]!;
      bytesA[i] = wordA;
      bytesB[i] = wordB;
      atA = wordA >>> 8;
      atB = wordB >>> 8;
    }
    a.#continueAt(common, atA);
    b.#continueAt(common, atB);
  }

  #continueAt(done: number, position: number): void {
    this.#done = done;
    this.#position = position;
    this.unsort();
  }
}

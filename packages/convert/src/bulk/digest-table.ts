import { hash } from 'node:crypto';

/** 32-bit words of an entry: the digest, and behind it the number, one higher, so that 0 is an empty place. */
const digestWords = 4;
const entryWords = digestWords + 1;

/** Parts, by the first byte of the digest. One is copied at a time when it grows, not the whole table. */
const partCount = 256;
const leastPlaces = 16;

/**
 * Numbers by text, which takes 27 to 54 bytes an entry whatever the length of the texts. They are told apart by the
 * first 128 bits of their SHA-256, so that two of them are never the same in practice: of 10⁷ texts
 * with a probability of 10⁻²⁵.
 */
export class DigestTable {
  readonly #parts: (Part | undefined)[] = [];
  readonly #digestOf: (text: string) => Uint32Array;
  #size = 0;

  /** @param digest Of a text, in four words. */
  constructor(digest = digestOf) {
    this.#digestOf = digest;
  }

  /** Texts that have a number. */
  get size(): number {
    return this.#size;
  }

  has(text: string): boolean {
    return this.get(text) !== undefined;
  }

  get(text: string): number | undefined {
    const digest = this.#digestOf(text);
    return this.#parts[digest[0]! % partCount]?.get(digest);
  }

  /**
   * Gives a text a number.
   *
   * @param number From 0 up to 2³² - 2.
   * @returns The one that it had before.
   */
  set(text: string, number: number): number | undefined {
    const digest = this.#digestOf(text);
    const before = (this.#parts[digest[0]! % partCount] ??= new Part()).set(digest, number);
    if (before === undefined) this.#size += 1;
    return before;
  }
}

const words = new Uint32Array(digestWords);

/** Good until the next one is made. Of the units of the text, since those that are no whole character have no UTF-8. */
export function digestOf(text: string): Uint32Array {
  const bytes = hash('sha256', Buffer.from(text, 'utf16le'), 'buffer');
  for (let i = 0; i < digestWords; i += 1) words[i] = bytes.readUInt32LE(i * 4);
  return words;
}

/** A hash table with open addressing, linear probing, and at most three of four places taken. */
class Part {
  #places = leastPlaces;
  #words = new Uint32Array(leastPlaces * entryWords);
  #taken = 0;

  get(digest: Uint32Array): number | undefined {
    const number = this.#words[this.#placeOf(digest) + digestWords]!;
    return number === 0 ? undefined : number - 1;
  }

  set(digest: Uint32Array, number: number): number | undefined {
    const before = this.get(digest);
    if (before === undefined) {
      if (this.#taken >= this.#places * 0.75) this.#grow();
      this.#taken += 1;
    }
    const at = this.#placeOf(digest);
    this.#words.set(digest, at);
    this.#words[at + digestWords] = number + 1;
    return before;
  }

  /** Where it is, or the free place where it would be. */
  #placeOf(digest: Uint32Array): number {
    // Another word than the one that the part is chosen by.
    let place = digest[1]! % this.#places;
    for (;;) {
      const at = place * entryWords;
      if (this.#words[at + digestWords] === 0 || this.#isAt(at, digest)) return at;
      place = (place + 1) % this.#places;
    }
  }

  #isAt(at: number, digest: Uint32Array): boolean {
    for (let i = 0; i < digestWords; i += 1) if (this.#words[at + i] !== digest[i]) return false;
    return true;
  }

  #grow(): void {
    const old = this.#words;
    this.#places *= 2;
    this.#words = new Uint32Array(this.#places * entryWords);
    for (let at = 0; at < old.length; at += entryWords) {
      if (old[at + digestWords] === 0) continue;
      const entry = old.subarray(at, at + entryWords);
      this.#words.set(entry, this.#placeOf(entry));
    }
  }
}

import { type Kernel, type Region, Report } from '../kernel/kernel.ts';

/** More does not pay: each page refers to it with so many bits. */
const mostEntries = 65_536;
const mostBytes = 1024 * 1024;

/** The distinct values of a column, and their numbers. */
export class Dictionary {
  readonly #kernel: Kernel;
  readonly #isText: boolean;
  #slots: Region;
  #slotCount = 256;
  /** Bytes of texts that there is room for. */
  #room = 1024;
  /** The values of 8 bytes, or the offsets of the texts. */
  entries: Region;
  bytes: Region;
  count = 0;

  constructor(kernel: Kernel, isText: boolean) {
    this.#kernel = kernel;
    this.#isText = isText;
    this.#slots = kernel.allocate(this.#slotCount * 4);
    this.entries = kernel.allocate(this.#entryBytes);
    this.bytes = kernel.allocate(isText ? this.#room : 0);
    this.#clear();
    kernel.words[this.entries.at >>> 2] = 0;
  }

  /** Bytes of the texts. */
  get byteLength(): number {
    return this.#kernel.words[(this.entries.at >>> 2) + this.count]!;
  }

  /**
   * Numbers the values, of 8 bytes or texts by their offsets, to `indices`. Gives how many: fewer where there
   * are too many different ones.
   */
  index(values: number, bytes: number, count: number, indices: number): number {
    const { call } = this.#kernel;
    const width = this.#isText ? 4 : 8;
    let done = 0;
    for (;;) {
      const at = values + done * width;
      const target = indices + done * 4;
      const most = Math.min(mostEntries, this.#slotCount >> 1);
      const mask = this.#slotCount - 1;
      done += this.#isText
        ? call.indexTexts(
            at,
            bytes,
            count - done,
            this.#slots.at,
            mask,
            this.entries.at,
            this.bytes.at,
            this.count,
            most,
            this.#room,
            target,
          )
        : call.indexWords(at, count - done, this.#slots.at, mask, this.entries.at, this.count, most, target);
      this.count = this.#kernel.words[Report.count]!;
      if (done === count) return done;
      if (this.count === most) {
        if (most === mostEntries) return done;
        this.#grow();
      } else {
        // There was no room for a text.
        if (this.#room === mostBytes) return done;
        const larger = Math.min(mostBytes, this.#room * 8);
        this.bytes = this.#kernel.enlarge(this.bytes, larger, this.byteLength);
        this.#room = larger;
      }
    }
  }

  /** Of the values, or of the offsets of the texts, that there may be before the table grows. */
  get #entryBytes(): number {
    return this.#isText ? ((this.#slotCount >> 1) + 1) * 4 : (this.#slotCount >> 1) * 8;
  }

  release(): void {
    for (const region of [this.#slots, this.entries, this.bytes]) this.#kernel.free(region);
  }

  #grow(): void {
    this.#kernel.free(this.#slots);
    const kept = this.#entryBytes;
    this.#slotCount *= 4;
    this.entries = this.#kernel.enlarge(this.entries, this.#entryBytes, kept);
    this.#slots = this.#kernel.allocate(this.#slotCount * 4);
    this.#clear();
    const { call } = this.#kernel;
    const mask = this.#slotCount - 1;
    if (this.#isText) call.rehashTexts(this.entries.at, this.bytes.at, this.count, this.#slots.at, mask);
    else call.rehashWords(this.entries.at, this.count, this.#slots.at, mask);
  }

  #clear(): void {
    this.#kernel.bytes.fill(0, this.#slots.at, this.#slots.at + this.#slotCount * 4);
  }
}

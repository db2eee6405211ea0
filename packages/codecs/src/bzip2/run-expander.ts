/** Equal bytes after which a count of further ones follows. */
const runThreshold = 4;

/** Undoes the run lengths that were applied to a block before it was sorted. */
export class RunExpander {
  readonly #bytes: Uint8Array;
  #from = 0;
  #last = -1;
  /** Equal bytes so far, and how many are still to come of a run. */
  #equal = 0;
  #repeat = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Writes what comes next and returns its length; 0 at the end. */
  writeTo(target: Uint8Array): number {
    const bytes = this.#bytes;
    const end = bytes.length;
    const room = target.length;
    let from = this.#from;
    let last = this.#last;
    let equal = this.#equal;
    let at = 0;
    for (;;) {
      if (this.#repeat > 0) {
        const count = Math.min(this.#repeat, room - at);
        target.fill(last, at, at + count);
        this.#repeat -= count;
        at += count;
      }
      // Nearly all of the bytes are no part of a run that is long enough.
      const stop = from + Math.min(end - from, room - at);
      while (from < stop && equal < runThreshold) {
        const byte = bytes[from++]!;
        equal = byte === last ? equal + 1 : 1;
        last = byte;
        target[at++] = byte;
      }
      if (from === end || equal < runThreshold) break;
      this.#repeat = bytes[from++]!;
      equal = 0;
    }
    this.#from = from;
    this.#last = last;
    this.#equal = equal;
    return at;
  }
}

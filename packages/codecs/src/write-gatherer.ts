const capacity = 256 * 1024;

/**
 * Turns writes into chunks to pull. Small writes are copied into a buffer, so that their callers
 * go on at once and an engine gets them in one piece; what has come is handed over as soon as it
 * is asked for, and never waited for to become more.
 */
export class WriteGatherer {
  #filling: Uint8Array = new Uint8Array(0);
  /** The chunk that was handed over last; its consumer is done with it when it asks for the next. */
  #handedOver: Uint8Array = new Uint8Array(0);
  #filled = 0;
  /** Writes that found no room. */
  #waiting: Uint8Array[] = [];
  #written: (() => void) | undefined;
  #ended: (() => void) | undefined;
  #abandoned = false;
  /** Of the reader that waits for a write. */
  #wake: (() => void) | undefined;

  /** Takes a write at once, if there is room for it. */
  gather(chunk: Uint8Array): boolean {
    if (this.#filled + chunk.length > capacity || this.#waiting.length > 0) return false;
    this.#copy(chunk);
    this.#wakeUp();
    return true;
  }

  /** Takes some writes and calls back when there is room for more. At most one call is under way. */
  write(chunks: Uint8Array[], written: () => void): void {
    this.#waiting = chunks;
    this.#written = written;
    this.#absorb();
    this.#wakeUp();
  }

  /** Marks the end and calls back when everything before it was taken. */
  end(ended: () => void): void {
    this.#ended = ended;
    this.#wakeUp();
  }

  /** Ends the chunks, because nobody asks for them any more. */
  abandon(): void {
    this.#abandoned = true;
    this.#wakeUp();
  }

  /** What was written; every chunk is valid until the next one is asked for. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    while (!this.#abandoned) {
      const [large] = this.#waiting;
      if (this.#filled > 0) {
        yield this.#takeFilled();
      } else if (large !== undefined) {
        yield large;
        this.#waiting.shift();
        this.#absorb();
      } else if (this.#ended !== undefined) {
        this.#ended();
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }

  /** Once only: to resolve a promise again does nothing, but takes its time. */
  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #takeFilled(): Uint8Array {
    const full = this.#filling;
    const chunk = full.subarray(0, this.#filled);
    this.#filling = this.#handedOver;
    this.#handedOver = full;
    this.#filled = 0;
    this.#absorb();
    return chunk;
  }

  #copy(chunk: Uint8Array): void {
    if (this.#filling.length === 0) this.#filling = Buffer.allocUnsafeSlow(capacity);
    this.#filling.set(chunk, this.#filled);
    this.#filled += chunk.length;
  }

  /** Copies waiting writes as long as they fit. */
  #absorb(): void {
    let absorbed = 0;
    for (const chunk of this.#waiting) {
      if (this.#filled + chunk.length > capacity) break;
      this.#copy(chunk);
      absorbed++;
    }
    this.#waiting = this.#waiting.slice(absorbed);
    if (this.#waiting.length > 0) return;
    const written = this.#written;
    this.#written = undefined;
    written?.();
  }
}

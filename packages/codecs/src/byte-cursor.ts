import { type ChunkSource, openSource } from './chunk-source.ts';
import type { BytesSource } from './codec.ts';
import type { Interruption } from './interruption.ts';

const nothing = new Uint8Array(0);

/** How long closing a source waits for a pull that is under way, in milliseconds. */
const closingTime = 100;

/**
 * Reads a source from front to back and knows how far it came.
 *
 * What it returns is valid until its next pull: a source may use its buffer again then.
 */
export class ByteCursor {
  /** Bytes that were taken. */
  offset = 0;
  /** Bytes that the source delivered. */
  received = 0;
  #chunk: Uint8Array = nothing;
  /** Where the rest of the chunk begins. */
  #at = 0;
  #ended = false;
  #pulling = false;
  readonly #source: ChunkSource;
  readonly #interruption: Interruption;

  constructor(source: BytesSource, interruption: Interruption) {
    this.#source = openSource(source);
    this.#interruption = interruption;
  }

  /** What is left of the current chunk, or the next one; empty only at the end of the input. */
  async peek(): Promise<Uint8Array> {
    while (this.#at === this.#chunk.length && !this.#ended) await this.#pull();
    return this.#at === 0 ? this.#chunk : this.#chunk.subarray(this.#at);
  }

  /** Marks the first `count` bytes of what `peek` returned as taken. */
  advance(count: number): void {
    this.offset += count;
    this.#at += count;
  }

  /** Copies what follows into `target`, as much as fits, and returns how much; less only at the end. */
  async readInto(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const left = this.#chunk.length - this.#at;
      if (left === 0) {
        if (this.#ended) break;
        await this.#pull();
        continue;
      }
      const count = Math.min(left, target.length - filled);
      const whole = count === this.#chunk.length;
      target.set(whole ? this.#chunk : this.#chunk.subarray(this.#at, this.#at + count), filled);
      filled += count;
      this.advance(count);
    }
    return filled;
  }

  /** The next `count` bytes as a copy; fewer where the input ends before. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, await this.readInto(bytes));
  }

  /** The first bytes of what follows, at least `count` of them unless the input ends, without taking them. */
  async lookAhead(count: number): Promise<Uint8Array> {
    while (this.#chunk.length - this.#at < count && !this.#ended) {
      const kept = this.#chunk.slice(this.#at);
      await this.#pull();
      if (kept.length > 0) this.#chunk = Buffer.concat([kept, this.#chunk]);
    }
    return this.#chunk.subarray(this.#at);
  }

  /** Tells the source that no more of it is wanted. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#drop();
    const closed = Promise.resolve(this.#source.close());
    if (!this.#pulling) await closed;
    else await atMost(closingTime, closed);
  }

  async #pull(): Promise<void> {
    this.#drop();
    this.#interruption.throwIfInterrupted();
    const { done, value } = await this.#interruption.race(this.#next());
    if (done === true) {
      this.#ended = true;
      return;
    }
    if (!(value instanceof Uint8Array)) {
      throw new TypeError(`A source of bytes must yield Uint8Array chunks, not ${typeof value}`);
    }
    this.#chunk = value;
    this.received += value.length;
  }

  async #next(): Promise<IteratorResult<unknown>> {
    this.#pulling = true;
    try {
      return await this.#source.next();
    } catch (error) {
      // A source that threw is finished; there is nothing left to close.
      this.#ended = true;
      throw error;
    } finally {
      this.#pulling = false;
    }
  }

  #drop(): void {
    this.#chunk = nothing;
    this.#at = 0;
  }
}

/** Waits for a promise that may never settle; after that time, what becomes of it concerns nobody. */
async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([promise.catch(() => {}), timeout]);
  clearTimeout(timer);
}

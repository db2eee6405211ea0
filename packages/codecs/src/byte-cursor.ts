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
    while (this.#chunk.length === 0 && !this.#ended) await this.#pull();
    return this.#chunk;
  }

  /** Marks the first `count` bytes of what `peek` returned as taken. */
  advance(count: number): void {
    this.offset += count;
    this.#chunk = this.#chunk.subarray(count);
  }

  /** The next `count` bytes as a copy; fewer where the input ends before. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const chunk = await this.peek();
      if (chunk.length === 0) return bytes.subarray(0, filled);
      const part = chunk.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.advance(part.length);
    }
    return bytes;
  }

  /** The first bytes of what follows, at least `count` of them unless the input ends, without taking them. */
  async lookAhead(count: number): Promise<Uint8Array> {
    while (this.#chunk.length < count && !this.#ended) {
      const kept = this.#chunk.slice();
      await this.#pull();
      if (kept.length > 0) this.#chunk = Buffer.concat([kept, this.#chunk]);
    }
    return this.#chunk;
  }

  /** Tells the source that no more of it is wanted. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#chunk = nothing;
    const closed = Promise.resolve(this.#source.close());
    if (!this.#pulling) await closed;
    else await atMost(closingTime, closed);
  }

  async #pull(): Promise<void> {
    this.#chunk = nothing;
    const { done, value } = await this.#interruption.race(() => this.#next());
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
}

/** Waits for a promise that may never settle; after that time, what becomes of it concerns nobody. */
async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([promise.catch(() => {}), timeout]);
  clearTimeout(timer);
}

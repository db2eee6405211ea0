import { type AsynchronousSource, type BytesSource, type ChunkSource, openSource } from './chunk-source.ts';
import type { Interruption } from './interruption.ts';

const nothing = new Uint8Array(0);

/**
 * How long closing a source waits for a pull that is under way, in milliseconds. An abort does not
 * wait: it is often what ends a source that hangs.
 */
const closingTime = 100;

/** Bytes up to which a chunk is copied, so that its source can go on while the copy is in use. */
const copiedBytes = 1024 * 1024;

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
  /** Whether the source has thrown, so that there is nothing left to close. */
  #failed = false;
  #pulling = false;
  /** The pull that was begun ahead of its time, and the chunk that it brought. */
  #ahead: Promise<void> | undefined;
  #next: Uint8Array | undefined;
  /** Where chunks are copied to. */
  #copy: Uint8Array = nothing;
  readonly #bytes: BytesSource;
  #opened: ChunkSource | undefined;
  readonly #interruption: Interruption;

  constructor(source: BytesSource, interruption: Interruption) {
    this.#bytes = source;
    this.#interruption = interruption;
  }

  get #source(): ChunkSource {
    return (this.#opened ??= openSource(this.#bytes));
  }

  /** What is left of the current chunk, or the next one; empty only at the end of the input. */
  async peek(): Promise<Uint8Array> {
    while (this.#at === this.#chunk.length && !this.#ended) await this.#pull();
    return this.#at === 0 ? this.#chunk : this.#chunk.subarray(this.#at);
  }

  /**
   * As `peek`, and lets the source make its next chunk while this one is in use. For those whose
   * use takes its time, on another thread.
   */
  async peekAhead(): Promise<Uint8Array> {
    const bytes = await this.peek();
    const source = this.#source;
    if (this.#ended || source.synchronous || this.#ahead !== undefined || bytes.length > copiedBytes)
      return bytes;
    if (!source.keepsChunks) {
      if (this.#copy.length < bytes.length) this.#copy = Buffer.allocUnsafeSlow(bytes.length);
      this.#copy.set(bytes);
      this.#chunk = this.#copy.subarray(0, bytes.length);
      this.#at = 0;
    }
    this.#ahead = this.#request(source, () => {});
    // Its failure is thrown when its chunk is asked for, or concerns nobody.
    this.#ahead.catch(() => {});
    return this.#at === 0 ? this.#chunk : this.#chunk.subarray(this.#at);
  }

  /** Whether the chunk that `peekAhead` has asked for is there and is not empty. */
  get nextIsThere(): boolean {
    return this.#next !== undefined && this.#next.length > 0;
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
        const pulling = this.#pull();
        if (pulling !== undefined) await pulling;
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
      // A copy: `slice` of a Buffer is a view, and the source may use the memory again.
      const kept = new Uint8Array(this.#chunk.subarray(this.#at));
      await this.#pull();
      if (kept.length > 0) this.#chunk = Buffer.concat([kept, this.#chunk]);
    }
    return this.#chunk.subarray(this.#at);
  }

  /** Tells the source that no more of it is wanted. */
  async close(): Promise<void> {
    if (this.#ended || this.#failed) return;
    this.#ended = true;
    this.#drop();
    const closed = Promise.resolve(this.#source.close());
    if (!this.#pulling) await closed;
    else await atMost(this.#interruption.aborted ? 0 : closingTime, closed);
  }

  /**
   * Gets the next chunk, which may have been asked for before; a promise only from a source that has to be waited for. Chunks may be of a
   * few bytes and come by the million, which is why there is one promise and no more.
   */
  #pull(): Promise<void> | undefined {
    this.#drop();
    this.#interruption.throwIfInterrupted();
    const source = this.#source;
    if (source.synchronous) {
      this.#failed = true;
      const result = source.next();
      this.#failed = false;
      this.#accept(result);
      this.#turn();
      return undefined;
    }
    const ahead = this.#ahead;
    if (ahead === undefined) return this.#request(source, () => this.#turn());
    this.#ahead = undefined;
    return ahead.then(() => this.#turn());
  }

  /** Makes the chunk that has come the current one. */
  #turn(): void {
    if (this.#next === undefined) {
      this.#ended = true;
      return;
    }
    this.#chunk = this.#next;
    this.#next = undefined;
  }

  #request(source: AsynchronousSource, onChunk: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#interruption.guardPull(reject);
      this.#pulling = true;
      const accept = (result: IteratorResult<unknown>): void => {
        this.#pulling = false;
        try {
          this.#accept(result);
          onChunk();
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      const fail = (error: unknown): void => {
        this.#pulling = false;
        this.#failed = true;
        reject(error);
      };
      source.next().then(accept, fail);
    });
  }

  #accept({ done, value }: IteratorResult<unknown>): void {
    if (done === true) return;
    if (!(value instanceof Uint8Array)) {
      throw new TypeError(`A source of bytes must yield Uint8Array chunks, not ${typeof value}`);
    }
    this.#next = value;
    this.received += value.length;
  }

  #drop(): void {
    this.#chunk = nothing;
    this.#at = 0;
  }
}

/** Waits for a promise that may never settle; after that time, what becomes of it concerns nobody. */
async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const settled = promise.catch(() => {});
  if (milliseconds === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([settled, timeout]);
  clearTimeout(timer);
}

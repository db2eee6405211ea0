import type { ByteSink } from '../contract.ts';
import type { Arena } from '../kernel/arena.ts';

/** Enough for what a buffer of input turns into, most of the time. */
const regionBytes = 1024 * 1024;

/** A region is no larger, for the memory of all regions together has an end. */
const largestRegionBytes = 16 * 1024 * 1024;

/** Bytes after the limit that the kernel may overwrite. */
const margin = 64;

/** Where the kernel may write: from `at` to `limit`. */
export interface Region {
  readonly at: number;
  readonly limit: number;
}

/** Two regions of an arena: one to write to while the sink has the other. */
interface Regions {
  readonly arena: Arena;
  readonly capacity: number;
  readonly at: [number, number];
}

/** Hands bytes to a sink, one chunk ahead of it. */
export class Output {
  readonly #sink: ByteSink;
  /** The write that is under way. */
  #pending: Promise<void> | undefined;
  #regions: Regions | undefined;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Takes a chunk, which must not change until the next call has resolved. */
  async write(chunk: Uint8Array): Promise<void> {
    await this.settle();
    if (chunk.length === 0) return;
    const pending = this.#sink.write(chunk);
    if (pending === undefined) return;
    // Whoever waits for it next is told what went wrong.
    pending.catch(() => undefined);
    this.#pending = pending;
    this.#regions?.arena.hold(pending);
  }

  /** Resolves when the sink is done with all that it was given. */
  async settle(): Promise<void> {
    const pending = this.#pending;
    this.#pending = undefined;
    await pending;
  }

  /** A region to write to, which stays as it is until two more chunks are written. */
  async region(arena: Arena): Promise<Region> {
    if (this.#regions?.arena !== arena) await this.#allocate(arena, regionBytes);
    const { at, capacity } = this.#regions!;
    at.reverse();
    return { at: at[0], limit: at[0] + capacity };
  }

  /** A region of twice the size, for a row that the one before had no room for; undefined where that would be too large. */
  async largerRegion(arena: Arena): Promise<Region | undefined> {
    if (this.#regions!.capacity >= largestRegionBytes) return undefined;
    await this.#allocate(arena, this.#regions!.capacity * 2);
    return this.region(arena);
  }

  async #allocate(arena: Arena, capacity: number): Promise<void> {
    const at: [number, number] = [
      await arena.allocate(capacity + margin),
      await arena.allocate(capacity + margin),
    ];
    this.#regions = { arena, capacity, at };
  }
}

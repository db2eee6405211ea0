import type { ByteSource } from '../contract.ts';

/** The chunks of a source, which is not taken before the first is asked for, and can be ended all the same. */
export class Chunks implements AsyncIterableIterator<Uint8Array, void> {
  readonly #source: ByteSource;
  #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array> | undefined;
  #isEnded = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    if (this.#isEnded) return { done: true, value: undefined };
    this.#chunks ??= begun(this.#source);
    try {
      const next = await this.#chunks.next();
      if (next.done === true) this.#isEnded = true;
      return next;
    } catch (error) {
      this.#isEnded = true;
      throw error;
    }
  }

  /** Ends the source. */
  async return(): Promise<IteratorResult<Uint8Array, void>> {
    if (!this.#isEnded) {
      this.#isEnded = true;
      // The iterator of a stream of Node.js that was never asked for anything leaves it open.
      if (this.#chunks === undefined) destroy(this.#source);
      await (this.#chunks ?? begun(this.#source)).return?.();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** As `for await` has it, which takes a list as well. */
function begun(source: ByteSource | Iterable<Uint8Array>): AsyncIterator<Uint8Array> | Iterator<Uint8Array> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

function destroy(source: object): void {
  if ('destroy' in source && typeof source.destroy === 'function') source.destroy();
}

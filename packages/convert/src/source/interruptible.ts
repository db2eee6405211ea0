/**
 * The items of somebody else's source, until an abort: one that is silent cannot be made to answer,
 * so whoever waits for it is told the reason at once, and the source is left behind.
 */
export class Interruptible<T> {
  readonly #source: AsyncIterable<T> | Iterable<T>;
  readonly #items: AsyncIterator<T> | Iterator<T>;
  readonly #signal: AbortSignal | undefined;
  /** Of whoever waits for the next item. */
  #refuse: ((reason: unknown) => void) | undefined;
  #isBegun = false;

  constructor(source: AsyncIterable<T> | Iterable<T>, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  async next(): Promise<IteratorResult<T>> {
    this.#signal?.throwIfAborted();
    this.#isBegun = true;
    const next = this.#items.next();
    if (this.#signal === undefined || !('then' in next)) return next;
    return new Promise((resolve, reject) => {
      this.#refuse = reject;
      next.then(resolve, reject).finally(() => {
        if (this.#refuse === reject) this.#refuse = undefined;
      });
    });
  }

  /** Ends the source, and waits for that unless it does not answer. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    const isSilent = this.#refuse !== undefined;
    // Of a stream of Node.js the iterator answers only when the stream does, and before it was asked it does nothing.
    if (isSilent || !this.#isBegun) destroy(this.#source);
    const ended = Promise.resolve(this.#items.return?.());
    // Whatever comes of it, nobody is there any more.
    if (isSilent) ended.catch(() => undefined);
    else await ended;
  }

  readonly #abort = (): void => this.#refuse?.(this.#signal!.reason);
}

function destroy(source: object): void {
  if ('destroy' in source && typeof source.destroy === 'function') source.destroy();
}

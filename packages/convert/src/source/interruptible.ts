/**
 * The items of somebody else's iterator, until an abort: a source that is silent cannot be made to
 * answer, so whoever waits for it is told the reason at once, and the source is left behind.
 */
export class Interruptible<T> {
  readonly #items: AsyncIterator<T> | Iterator<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #abandon: () => void;
  /** Of whoever waits for the next item. */
  #refuse: ((reason: unknown) => void) | undefined;

  /** @param abandon Ends the source where it does not answer. */
  constructor(
    items: AsyncIterator<T> | Iterator<T>,
    signal: AbortSignal | undefined,
    abandon: () => void = () => {},
  ) {
    this.#items = items;
    this.#signal = signal;
    this.#abandon = abandon;
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  async next(): Promise<IteratorResult<T>> {
    this.#signal?.throwIfAborted();
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
    if (isSilent) this.#abandon();
    const ended = Promise.resolve(this.#items.return?.());
    // Whatever comes of it, nobody is there any more.
    if (isSilent) ended.catch(() => undefined);
    else await ended;
  }

  readonly #abort = (): void => this.#refuse?.(this.#signal!.reason);
}

/**
 * Waits for what somebody else does, until an abort: a callback or a sink that never answers cannot be
 * made to, so whoever waits for it is told the reason at once, and the work is left behind.
 */
export class UnlessAborted {
  readonly #signal: AbortSignal | undefined;
  #refuse: ((reason: unknown) => void) | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** One at a time. */
  async wait<T>(work: T | PromiseLike<T>): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return work;
    const done = Promise.resolve(work);
    // Whatever comes of work that is left behind, nobody is there any more.
    done.catch(() => undefined);
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.#refuse = reject;
      done.then(resolve, reject);
    });
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => this.#refuse?.(this.#signal!.reason);
}

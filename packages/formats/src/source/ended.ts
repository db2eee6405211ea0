/**
 * Items whose source is ended with them: behind the last one, at a failure, and when their consumer leaves, also
 * before it has asked for anything, which a generator by itself does not hear of. A failure is told as it is,
 * whatever goes wrong at the end.
 */
export class Ended<T> implements AsyncIterableIterator<T, void> {
  readonly #items: AsyncIterator<T, void>;
  readonly #end: () => Promise<unknown>;

  /** @param end May be called more than once. */
  constructor(items: AsyncIterator<T, void>, end: () => Promise<unknown>) {
    this.#items = items;
    this.#end = end;
  }

  async next(): Promise<IteratorResult<T, void>> {
    const next = await orEnd(this.#items.next(), this.#end);
    if (next.done === true) await this.#end();
    return next;
  }

  async return(): Promise<IteratorResult<T, void>> {
    try {
      await this.#items.return?.();
    } finally {
      await this.#end();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** What is opened, or the failure, as who only asks for the schema has no loop to leave. */
export async function orEnd<T>(opened: Promise<T>, end: () => Promise<unknown>): Promise<T> {
  try {
    return await opened;
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
}

/** Told to a producer whose consumer has gone. */
export class ConsumerGone extends Error {
  override readonly name = 'ConsumerGone';
}

/**
 * Joins one who pushes to one who pulls, one item at a time and without a copy: `push` resolves
 * when the consumer asks for the next item, so that an item may live in a buffer that is used
 * again and again.
 */
export class Handover<T> implements AsyncIterable<T> {
  #offered:
    | { readonly item: T; readonly used: () => void; readonly refuse: (reason: Error) => void }
    | undefined;
  #end: { readonly error?: unknown } | undefined;
  #consumerGone = false;
  #wake: (() => void) | undefined;

  /** Rejects with {@link ConsumerGone} when the consumer has left before using the item. */
  push(item: T): Promise<void> {
    return new Promise((used, refuse) => {
      if (this.#consumerGone) refuse(new ConsumerGone('the consumer has gone'));
      else if (this.#offered) refuse(new Error('a push began before the one before it had ended'));
      else {
        this.#offered = { item, used, refuse };
        this.#wake?.();
      }
    });
  }

  /** Ends the items. With an error, the consumer's loop throws it. */
  end(outcome: { readonly error?: unknown } = {}): void {
    this.#end ??= outcome;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    try {
      for (;;) {
        if (!this.#offered && !this.#end) await new Promise<void>((resolve) => (this.#wake = resolve));
        if (this.#offered) {
          yield this.#offered.item;
          const { used } = this.#offered;
          this.#offered = undefined;
          used();
        } else {
          if (this.#end && 'error' in this.#end) throw this.#end.error;
          return;
        }
      }
    } finally {
      this.#consumerGone = true;
      this.#offered?.refuse(new ConsumerGone('the consumer has gone'));
      this.#offered = undefined;
    }
  }
}

/**
 * Turns a producer that pushes into a source that is pulled. The producer starts at the first pull.
 *
 * What it throws is thrown to the consumer. When the consumer leaves early, the producer's next
 * push rejects, and the producer has ended before this generator has.
 */
export async function* pulled<T>(
  produce: (push: (item: T) => Promise<void>) => Promise<void>,
): AsyncGenerator<T, void> {
  const handover = new Handover<T>();
  const produced = produce((item) => handover.push(item)).then(
    () => handover.end(),
    (error: unknown) => handover.end({ error }),
  );
  try {
    yield* handover;
  } finally {
    await produced;
  }
}

/** Files after which it pays to begin anew: fewer would cost less time than starting the threads does. */
const filesBetween = 50;

/**
 * Keeps the memory of this process below a limit, as far as not beginning anything helps: while it is
 * above, files wait for those in hand, except for one. Where even then it does not shrink, what
 * converts is made anew.
 */
export class MemoryLimit {
  readonly #limit: number;
  readonly #renew: () => Promise<void>;
  readonly #read: () => number;
  #inHand = 0;
  #sinceRenewal = 0;
  #waiting: (() => void)[] = [];

  /**
   * @param limit Bytes.
   * @param renew Ends what holds the memory; nothing is in hand then.
   * @param read Bytes that the process has (its resident set).
   */
  constructor(
    limit: number,
    renew: () => Promise<void>,
    read: () => number = () => process.memoryUsage.rss(),
  ) {
    this.#limit = limit;
    this.#renew = renew;
    this.#read = read;
  }

  async within<T>(task: () => Promise<T>): Promise<T> {
    while (this.#inHand > 0 && this.#read() > this.#limit) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const isAlone = this.#inHand === 0;
    this.#inHand += 1;
    try {
      if (isAlone && this.#sinceRenewal >= filesBetween && this.#read() > this.#limit) {
        this.#sinceRenewal = 0;
        await this.#renew();
      }
      this.#sinceRenewal += 1;
      return await task();
    } finally {
      this.#inHand -= 1;
      const woken = this.#waiting;
      this.#waiting = [];
      for (const wake of woken) wake();
    }
  }
}

/**
 * One place where a run learns that it shall end early: through the caller's signal, or because
 * nobody wants the rest. At most one promise waits on it at a time, so that a run of a million
 * pulls leaves no trail of listeners.
 */
export class Interruption {
  #interrupted = false;
  #reason: unknown;
  #reject: ((reason: unknown) => void) | undefined;
  #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.interrupt(this.#signal?.reason);

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    if (signal?.aborted) this.interrupt(signal.reason);
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  interrupt(reason: unknown): void {
    if (this.#interrupted) return;
    this.#interrupted = true;
    this.#reason = reason;
    this.#reject?.(reason);
  }

  throwIfInterrupted(): void {
    if (this.#interrupted) throw this.#reason;
  }

  /** The outcome of `promise`, or the interruption's reason as soon as there is one. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      promise.then(resolve, reject);
      if (this.#interrupted) reject(this.#reason);
      else this.#reject = reject;
    }).finally(() => (this.#reject = undefined));
  }

  /** Lets go of the signal. */
  release(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#signal = undefined;
  }
}

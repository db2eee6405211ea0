/**
 * One place where a run learns that it shall end early: through the caller's signal, or because
 * nobody wants the rest. At most one promise waits on it at a time, so that a run of a million
 * pulls leaves no trail of listeners.
 */
export class Interruption {
  /** Called once, at the interruption. */
  onInterrupt: () => void = () => {};
  #cause: 'none' | 'signal' | 'stopped' = 'none';
  #reject: ((reason: unknown) => void) | undefined;
  #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#interrupt('signal');

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    if (signal?.aborted === true) this.#interrupt('signal');
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Ends the run because the consumer leaves. */
  stop(): void {
    this.#interrupt('stopped');
  }

  /** Throws the signal's reason if it was aborted. */
  throwIfAborted(): void {
    if (this.#cause === 'signal') throw this.#signal?.reason;
  }

  throwIfInterrupted(): void {
    if (this.#cause !== 'none') throw this.#reason();
  }

  /** The outcome of `promise`, or a rejection as soon as the run is interrupted. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      promise.then(resolve, reject);
    });
  }

  /** Lets go of the signal when the run has ended. */
  release(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #interrupt(cause: 'signal' | 'stopped'): void {
    if (this.#cause !== 'none') return;
    this.#cause = cause;
    this.release();
    this.#reject?.(this.#reason());
    this.onInterrupt();
  }

  #reason(): unknown {
    return this.#cause === 'signal' ? this.#signal?.reason : new Error('the consumer has left');
  }
}

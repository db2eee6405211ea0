/**
 * One place where a run learns that it shall end early: through the caller's signal, or because
 * nobody wants the rest.
 */
export class Interruption {
  #cause: 'none' | 'signal' | 'stopped' = 'none';
  #onInterrupt: () => void = () => {};
  /** Of the pull that waits for the source; there is one at most. */
  #rejectPull: ((reason: unknown) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#interrupt('signal');

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    if (signal?.aborted === true) this.#cause = 'signal';
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get aborted(): boolean {
    return this.#cause === 'signal';
  }

  /** Sets what is called once, at an interruption to come, or at once after one. */
  onInterrupt(listener: () => void): void {
    this.#onInterrupt = listener;
    if (this.#cause !== 'none') listener();
  }

  /** Lets an interruption reject the pull that begins now. */
  guardPull(reject: (reason: unknown) => void): void {
    this.#rejectPull = reject;
  }

  /** Ends the run because the consumer leaves. */
  stop(): void {
    this.#interrupt('stopped');
  }

  /** Throws the signal's reason if it was aborted. */
  throwIfAborted(): void {
    if (this.#cause === 'signal') throw this.#signal?.reason;
  }

  /** Throws if the run was interrupted in any way. */
  throwIfInterrupted(): void {
    if (this.#cause !== 'none') throw this.#reason();
  }

  /** Lets go of the signal when the run has ended. */
  release(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #interrupt(cause: 'signal' | 'stopped'): void {
    if (this.#cause !== 'none') return;
    this.#cause = cause;
    this.release();
    this.#rejectPull?.(this.#reason());
    this.#onInterrupt();
  }

  #reason(): unknown {
    return this.#cause === 'signal' ? this.#signal?.reason : new Error('the consumer has left');
  }
}

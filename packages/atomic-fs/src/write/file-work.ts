import { discard, discardAfter, discardQuietly } from '../cleanup/discard.ts';
import { AtomicWriteError, abortError, explain } from '../errors.ts';
import type { AsyncCalls } from '../host/host.ts';
import { type Steps, runAsync } from '../host/steps.ts';
import type { Settings } from '../options.ts';
import { publish } from '../rename/publish.ts';
import { append } from './append.ts';
import { begin } from './begin.ts';
import { drain } from './drain.ts';
import { type Pending, circumstancesOf } from './pending.ts';
import { seal } from './seal.ts';
import type { SourceReader, Stop } from './source.ts';

/**
 * One file under construction: calls on it run one after the other in the order they were made, the
 * first failure ends it and is what later calls raise, and nothing but success makes it committed.
 */
export class FileWork {
  readonly pending: Pending;
  readonly #calls: AsyncCalls;
  #queue: Promise<void> = Promise.resolve();
  #state: 'open' | 'sealed' | 'committed' | 'discarded' = 'open';
  #failure: { readonly error: unknown } | undefined;

  static async begin(file: string, settings: Settings, calls = settings.host.async): Promise<FileWork> {
    try {
      return new FileWork(await runAsync(calls, begin(file, settings)), calls);
    } catch (error) {
      throw explain(error, { path: file });
    }
  }

  private constructor(pending: Pending, calls: AsyncCalls) {
    this.pending = pending;
    this.#calls = calls;
  }

  get isCommitted(): boolean {
    return this.pending.committed;
  }

  /** From now on the caller may write by other ways, too. */
  share(): void {
    if (this.pending.kind === 'temp') this.pending.isShared = true;
  }

  append(chunks: readonly Uint8Array[]): Promise<void> {
    return this.#enqueue(() => this.#attempt('open', append(this.pending, chunks)));
  }

  /** Appends all that a source gives. An error of the source discards the file and passes through as it is. */
  async appendAll(source: SourceReader): Promise<void> {
    const { encoding } = this.pending.settings;
    try {
      await drain(source, encoding, (bytes) => this.append([bytes]), this.#stop());
    } catch (error) {
      await this.fail(error);
      throw error;
    }
  }

  #stop(): Stop | undefined {
    const { signal } = this.pending.settings;
    if (signal === undefined) return undefined;
    return { signal, reason: () => abortError(signal, circumstancesOf(this.pending)) };
  }

  /** Makes the file ready to be published. */
  seal(): Promise<void> {
    return this.#enqueue(() => this.#seal());
  }

  /** @param move Puts the sealed file in place. */
  commit(move: (pending: Pending) => Steps<void> = publish): Promise<void> {
    return this.#enqueue(async () => {
      await this.#seal();
      if (this.#state === 'committed') return;
      await this.#attempt('sealed', move(this.pending));
      this.#state = 'committed';
    });
  }

  /** Runs further steps, which fail the call and leave the file as it is. */
  run(steps: Steps<void>): Promise<void> {
    return this.#enqueue(async () => {
      try {
        await runAsync(this.#calls, steps);
      } catch (error) {
        throw explain(error, circumstancesOf(this.pending));
      }
    });
  }

  /** Gives up, because of an error that is not of this file's own making. */
  fail(error: unknown): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#state === 'committed' || this.#failure !== undefined) return;
      this.#failure = { error };
      await runAsync(this.#calls, discardQuietly(this.pending));
    });
  }

  discard(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#state === 'committed' || this.#state === 'discarded' || this.#failure !== undefined) return;
      this.#state = 'discarded';
      try {
        await runAsync(this.#calls, discard(this.pending));
      } catch (error) {
        throw explain(error, circumstancesOf(this.pending));
      }
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    // The caller hears of a failure; those that wait in the queue only wait.
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #seal(): Promise<void> {
    if (this.#state === 'sealed' || this.#state === 'committed') return;
    await this.#attempt('open', seal(this.pending));
    this.#state = 'sealed';
  }

  async #attempt(when: 'open' | 'sealed', steps: Steps<void>): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#state !== when) {
      const { path } = this.pending.target;
      throw new AtomicWriteError(`${path} is already ${this.#state}`, { code: 'CLOSED', path });
    }
    try {
      await runAsync(this.#calls, steps);
    } catch (error) {
      this.#failure = { error: await runAsync(this.#calls, discardAfter(error, this.pending)) };
      throw this.#failure.error;
    }
  }
}

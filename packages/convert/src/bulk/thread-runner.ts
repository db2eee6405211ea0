import type { Progress } from '../progress.ts';
import type { ConversionResult } from '../result.ts';
import { giveBack, takeThread } from './idle-threads.ts';
import type { NamedJob } from './plan-jobs.ts';
import type { Runner } from './run-jobs.ts';
import type { Thread } from './thread.ts';
import type { SharedOrder } from './wire.ts';

/** Milliseconds that the end of the process waits for the threads at most. */
const exitPatience = 2000;

/** Converts files in worker threads, started as they are needed. */
export class ThreadRunner implements Runner {
  readonly filesAtOnce: number;
  readonly #shared: SharedOrder;
  readonly #mostThreads: number;
  readonly #signal: AbortSignal | undefined;
  readonly #threads = new Set<Thread>();
  /** Those that are at work: they share one listener for the exit, of which Node.js takes more than ten for a leak. */
  static readonly #atWork = new Set<ThreadRunner>();

  /** @param filesPerThread Files that a thread has in hand: it converts one while others wait for the disk. */
  constructor(
    shared: SharedOrder,
    {
      mostThreads,
      filesPerThread,
      signal,
    }: {
      readonly mostThreads: number;
      readonly filesPerThread: number;
      readonly signal: AbortSignal | undefined;
    },
  ) {
    this.#shared = shared;
    this.#mostThreads = mostThreads;
    this.filesAtOnce = mostThreads * filesPerThread;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    if (ThreadRunner.#atWork.size === 0) process.on('exit', ThreadRunner.#exit);
    ThreadRunner.#atWork.add(this);
  }

  async run(
    job: NamedJob,
    onProgress: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<ConversionResult> {
    this.#signal?.throwIfAborted();
    signal?.throwIfAborted();
    return this.#leastBusy().convert(job, onProgress, signal);
  }

  /** Lets the threads wait for a next caller, who is spared their start; they do not keep the process running. */
  async close(): Promise<void> {
    await this.#end(giveBack);
  }

  /** Ends the threads, and with them what they hold in memory. */
  async terminate(): Promise<void> {
    await this.#end((thread) => thread.terminate());
  }

  async #end(part: (thread: Thread) => Promise<void>): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    ThreadRunner.#atWork.delete(this);
    if (ThreadRunner.#atWork.size === 0) process.removeListener('exit', ThreadRunner.#exit);
    await Promise.all([...this.#threads].map(part));
  }

  readonly #abort = (): void => {
    for (const thread of this.#threads) thread.abort();
  };

  /** A thread that ends with the process gets no time of its own to remove its temps, so it is given some. */
  static readonly #exit = (): void => {
    const latest = performance.now() + exitPatience;
    const threads = Array.from(ThreadRunner.#atWork, (runner) => [...runner.#threads]).flat();
    for (const thread of threads) thread.leave();
    for (const thread of threads) thread.waitUntilLeft(latest);
  };

  /** An idle one, else a new one as long as there may be more, else the one with the fewest files. */
  #leastBusy(): Thread {
    let least: Thread | undefined;
    for (const thread of this.#threads) {
      if (thread.isLost) this.#threads.delete(thread);
      else if (!least || thread.inHand < least.inHand) least = thread;
    }
    if (least && (least.inHand === 0 || this.#threads.size >= this.#mostThreads)) return least;
    return this.#take();
  }

  #take(): Thread {
    const thread = takeThread();
    thread.begin(this.#shared);
    this.#threads.add(thread);
    return thread;
  }
}

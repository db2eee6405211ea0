import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { ConvertError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import type { ConversionResult } from '../result.ts';
import { fromWire, isPlain } from './error-wire.ts';
import type { Job } from './plan-jobs.ts';
import type { Runner } from './run-jobs.ts';
import type { Order, Report, SharedOptions, ThreadData } from './wire.ts';

/** Beside this file in the source; built, this file becomes part of one that lies above it. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './bulk/worker.js',
  import.meta.url,
);

/** Not the file itself, since a thread is started with the options of the process, and `--input-type` allows no file. */
const program = `import(${JSON.stringify(workerUrl.href)})`;

/** Milliseconds that the end of the process waits for the threads at most. */
const exitPatience = 2000;

/** Whether these options can be sent to a thread, and the thread's program is where it should be. */
export function canUseThreads(options: SharedOptions): boolean {
  // Somebody may have bundled this package into one file of their own.
  return isPlain(options) && existsSync(fileURLToPath(workerUrl));
}

/** Who waits for a file. */
interface Waiting {
  readonly source: string;
  readonly onProgress: (progress: Progress) => void;
  readonly resolve: (result: ConversionResult) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Converts files in worker threads, started as they are needed. */
export class ThreadRunner implements Runner {
  readonly filesAtOnce: number;
  readonly #data: ThreadData;
  readonly #mostThreads: number;
  readonly #signal: AbortSignal | undefined;
  readonly #threads = new Set<Thread>();
  #jobs = 0;

  /** @param filesPerThread Files that a thread has in hand: it converts one while others wait for the disk. */
  constructor(
    data: Omit<ThreadData, 'ended'>,
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
    this.#data = { ...data, ended: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
    this.#mostThreads = mostThreads;
    this.filesAtOnce = mostThreads * filesPerThread;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    process.on('exit', this.#exit);
  }

  async run(
    { source, destination, rejects }: Job,
    onProgress: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<ConversionResult> {
    this.#signal?.throwIfAborted();
    signal?.throwIfAborted();
    const { worker, waiting } = this.#leastBusy();
    const id = this.#jobs++;
    const abort = (): void => send(worker, { kind: 'abort', id });
    signal?.addEventListener('abort', abort);
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { source, onProgress, resolve, reject });
        send(worker, { kind: 'convert', id, source, destination, rejects });
      });
    } catch (error) {
      // What the thread tells of an abort of its own is another object than the reason that was given.
      if (signal?.aborted) throw signal.reason;
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    process.removeListener('exit', this.#exit);
    for (const { worker } of this.#threads) worker.removeAllListeners();
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  readonly #abort = (): void => {
    for (const { worker } of this.#threads) send(worker, { kind: 'abort', id: undefined });
  };

  /** A thread that ends with the process gets no time of its own to remove its temps, so it is given some. */
  readonly #exit = (): void => {
    const ended = new Int32Array(this.#data.ended);
    const latest = performance.now() + exitPatience;
    for (const { worker } of this.#threads) send(worker, { kind: 'exit' });
    for (;;) {
      const count = Atomics.load(ended, 0);
      const left = latest - performance.now();
      if (count >= this.#threads.size || left <= 0) return;
      Atomics.wait(ended, 0, count, left);
    }
  };

  /** An idle one, else a new one as long as there may be more, else the one with the fewest files. */
  #leastBusy(): Thread {
    let least: Thread | undefined;
    for (const thread of this.#threads) {
      if (!least || thread.waiting.size < least.waiting.size) least = thread;
    }
    if (least && (least.waiting.size === 0 || this.#threads.size >= this.#mostThreads)) return least;
    return this.#start();
  }

  #start(): Thread {
    const worker = new Worker(program, { eval: true, workerData: this.#data });
    const thread: Thread = { worker, waiting: new Map() };
    const lost = (cause?: Error): void => {
      this.#threads.delete(thread);
      for (const { source, reject } of thread.waiting.values()) {
        const message = 'the thread that converted the file has ended';
        reject(new ConvertError('THREAD_LOST', message, { path: source }, cause && { cause }));
      }
      thread.waiting.clear();
    };
    worker.on('error', lost).on('exit', () => lost());
    worker.on('message', (report: Report) => receive(report, thread.waiting));
    this.#threads.add(thread);
    return thread;
  }
}

function receive(report: Report, waiting: Map<number, Waiting>): void {
  const { onProgress, resolve, reject } = waiting.get(report.id)!;
  if (report.kind === 'progress') return onProgress(report.progress);
  waiting.delete(report.id);
  if (report.kind === 'failed') reject(fromWire(report.error));
  else resolve({ ...report.result, errors: report.errors.map(fromWire) });
}

function send(thread: Worker, order: Order): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  thread.postMessage(order);
}

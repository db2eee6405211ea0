import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { ConvertError } from '../errors.ts';
import type { ConvertOptions } from '../options.ts';
import type { Progress } from '../progress.ts';
import type { ConversionResult } from '../result.ts';
import { fromWire, isPlain } from './error-wire.ts';
import type { Job } from './plan-jobs.ts';
import type { Runner } from './run-jobs.ts';
import type { Order, Report, ThreadData } from './wire.ts';

/** Beside this file in the source; built, this file becomes part of one that lies above it. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './bulk/worker.js',
  import.meta.url,
);

/** Milliseconds that the end of the process waits for the threads at most. */
const exitPatience = 2000;

/** Whether these options can be sent to a thread, and the thread's program is where it should be. */
export function canUseThreads(options: ConvertOptions): boolean {
  // Somebody may have bundled this package into one file of their own.
  return isPlain(options) && existsSync(fileURLToPath(workerUrl));
}

/** Converts files in worker threads, each of which does one after the other. */
export class ThreadRunner implements Runner {
  readonly #data: ThreadData;
  readonly #signal: AbortSignal | undefined;
  readonly #threads = new Set<Worker>();
  readonly #idle: Worker[] = [];

  constructor(data: Omit<ThreadData, 'ended'>, signal: AbortSignal | undefined) {
    this.#data = { ...data, ended: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    process.on('exit', this.#exit);
  }

  async run(job: Job, onProgress: (progress: Progress) => void): Promise<ConversionResult> {
    this.#signal?.throwIfAborted();
    const thread = this.#idle.pop() ?? this.#start();
    const { source, destination, rejects } = job;
    try {
      return await new Promise((resolve, reject) => {
        const lost = (cause?: Error): void => {
          this.#threads.delete(thread);
          const message = 'the thread that converted the file has ended';
          reject(new ConvertError('THREAD_LOST', message, { path: source }, cause && { cause }));
        };
        thread.removeAllListeners();
        thread.on('error', lost).on('exit', () => lost());
        thread.on('message', (report: Report) => {
          if (report.kind === 'progress') onProgress(report.progress);
          else if (report.kind === 'failed') reject(fromWire(report.error));
          else resolve({ ...report.result, errors: report.errors.map(fromWire) });
        });
        send(thread, { kind: 'convert', source, destination, rejects });
      });
    } finally {
      if (this.#threads.has(thread)) this.#idle.push(thread);
    }
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    process.removeListener('exit', this.#exit);
    for (const thread of this.#threads) thread.removeAllListeners();
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  readonly #abort = (): void => {
    for (const thread of this.#threads) send(thread, { kind: 'abort' });
  };

  /** A thread that ends with the process gets no time of its own to remove its temps, so it is given some. */
  readonly #exit = (): void => {
    const ended = new Int32Array(this.#data.ended);
    const latest = performance.now() + exitPatience;
    for (const thread of this.#threads) send(thread, { kind: 'exit' });
    for (;;) {
      const count = Atomics.load(ended, 0);
      const left = latest - performance.now();
      if (count >= this.#threads.size || left <= 0) return;
      Atomics.wait(ended, 0, count, left);
    }
  };

  #start(): Worker {
    const thread = new Worker(workerUrl, { workerData: this.#data });
    this.#threads.add(thread);
    return thread;
  }
}

function send(thread: Worker, order: Order): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  thread.postMessage(order);
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SHARE_ENV, Worker } from 'node:worker_threads';

import { ConvertError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import type { ConversionResult } from '../result.ts';
import { hasRoomFor } from './address-space.ts';
import { fromWire, isPlain } from './error-wire.ts';
import type { NamedJob } from './plan-jobs.ts';
import type { Order, Report, SharedOptions, SharedOrder, ThreadData } from './wire.ts';

/** Beside this file in the source; built, this file becomes part of one that lies above it. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './bulk/worker.js',
  import.meta.url,
);

/** Not the file itself, since a thread is started with the options of the process, and `--input-type` allows no file. */
const program = `import(${JSON.stringify(workerUrl.href)})`;

/** Whether these options can be sent to threads, their program is where it should be, and there is room for so many. */
export function canUseThreads(options: SharedOptions, threads: number): boolean {
  // Somebody may have bundled this package into one file of their own.
  return isPlain(options) && existsSync(fileURLToPath(workerUrl)) && hasRoomFor(threads);
}

/** Who waits for a file. */
interface Waiting {
  readonly source: string;
  readonly onProgress: (progress: Progress) => void;
  readonly resolve: (result: ConversionResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A worker thread that converts files for one caller at a time. */
export class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #jobs = 0;
  #isLost = false;
  #cause: Error | undefined;

  constructor() {
    const data: ThreadData = { ended: this.#ended, leavesDescriptors: true };
    this.#worker = new Worker(program, {
      eval: true,
      // The environment of the process, as it is then: a thread may be older than a change of it.
      env: SHARE_ENV,
      // For named pipes among its sources.
      trackUnmanagedFds: false,
      workerData: data,
    });
    this.#worker
      .on('error', (error) => this.#fail(error))
      .on('exit', () => this.#lose())
      .on('message', (report: Report) => this.#receive(report));
  }

  /** Files that it has in hand. */
  get inHand(): number {
    return this.#waiting.size;
  }

  /** Whether it has ended, with what it had in hand. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Keeps the process running, or does not: one that nobody waits for should not. */
  holdProcess(holds: boolean): void {
    if (holds) this.#worker.ref();
    else this.#worker.unref();
  }

  /** What the conversions from here on are told. */
  begin(shared: SharedOrder): void {
    this.#send({ kind: 'begin', shared });
  }

  async convert(
    { source, destination, rejects }: NamedJob,
    onProgress: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<ConversionResult> {
    if (this.#isLost) throw threadLost(source);
    const id = this.#jobs++;
    const abort = (): void => this.#send({ kind: 'abort', id });
    signal?.addEventListener('abort', abort);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { source, onProgress, resolve, reject });
        this.#send({ kind: 'convert', id, source, destination, rejects });
      });
    } catch (error) {
      // What the thread tells of an abort of its own is another object than the reason that was given.
      if (signal?.aborted) throw signal.reason;
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Aborts all that it has in hand. */
  abort(): void {
    this.#send({ kind: 'abort', id: undefined });
  }

  /** Tells it that the process ends, so that it removes its temps. */
  leave(): void {
    this.#send({ kind: 'exit' });
  }

  /**
   * Waits, and blocks this thread meanwhile, until it has left.
   *
   * @param latest Time of `performance.now()` at which it gives up.
   */
  waitUntilLeft(latest: number): void {
    const left = latest - performance.now();
    if (left > 0 && !this.#isLost) Atomics.wait(this.#ended, 0, 0, left);
  }

  /** What it still has in hand fails with `THREAD_LOST`. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(report: Report): void {
    const { onProgress, resolve, reject } = this.#waiting.get(report.id)!;
    if (report.kind === 'progress') return onProgress(report.progress);
    this.#waiting.delete(report.id);
    if (report.kind === 'failed') reject(fromWire(report.error));
    else resolve({ ...report.result, errors: report.errors.map(fromWire) });
  }

  /** It is to be given no more. What it has reported before may come only now. */
  #fail(cause: Error): void {
    this.#isLost = true;
    this.#cause = cause;
  }

  /** No report comes any more. */
  #lose(): void {
    this.#isLost = true;
    for (const { source, reject } of this.#waiting.values()) reject(threadLost(source, this.#cause));
    this.#waiting.clear();
  }

  #send(order: Order): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(order);
  }
}

function threadLost(path: string, cause?: Error): ConvertError {
  const why = cause === undefined ? '' : `: ${cause.message}`;
  const hint = 'convert fewer files at a time (concurrency), which takes less memory and fewer open files';
  const message = `the thread that converted the file has ended${why}`;
  return new ConvertError('THREAD_LOST', message, { path, hint }, cause && { cause });
}

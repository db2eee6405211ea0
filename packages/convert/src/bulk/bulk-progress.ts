import { now } from '../clock.ts';
import { type Progress, ProgressReporter } from '../progress.ts';
import type { BulkProgress } from './bulk-options.ts';
import type { Job } from './plan-jobs.ts';
import type { FileResult } from './run-jobs.ts';

type Counts = Pick<Progress, 'rowsRead' | 'rowsWritten' | 'rowsSkipped' | 'rowsDropped' | 'bytesRead'>;

/** Adds up how far the files are, in the same time whatever their number: of each that runs, what it added is known. */
export class BulkMeter {
  readonly warnings: string[] = [];
  readonly #jobs: readonly Job[];
  readonly #bytesTotal: number;
  readonly #startedAt = now();
  readonly #reporter: ProgressReporter<BulkProgress> | undefined;
  /** Of all files. One that failed stays in it as far as it came. */
  readonly #sums = { ...nothing };
  /** Of the files that run, by their places among the jobs. */
  readonly #running = new Map<number, Counts>();
  /** Bytes of files that are done without having been read whole. */
  #bytesSpared = 0;
  #filesDone = 0;

  constructor(
    jobs: readonly Job[],
    report: {
      readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
      readonly progressInterval: number;
    },
  ) {
    this.#jobs = jobs;
    this.#bytesTotal = jobs.reduce((sum, { sourceState }) => sum + (sourceState?.size ?? 0), 0);
    if (report.onProgress) {
      const warn = (warning: string): void => void this.warnings.push(warning);
      this.#reporter = new ProgressReporter(report.onProgress, report.progressInterval, warn);
    }
  }

  get elapsedMs(): number {
    return now() - this.#startedAt;
  }

  advance(index: number, progress: Counts): void {
    this.#count(index, progress);
    this.#reporter?.advance(this.#sums.rowsRead, () => this.progress());
  }

  done(index: number, { result }: FileResult): void {
    if (result) this.#count(index, result);
    const bytesRead = this.#running.get(index)?.bytesRead ?? 0;
    this.#bytesSpared += Math.max(0, (this.#jobs[index]!.sourceState?.size ?? 0) - bytesRead);
    this.#running.delete(index);
    this.#filesDone += 1;
    this.#reporter?.tick(() => this.progress());
  }

  finish(): void {
    this.#reporter?.finish(this.progress());
  }

  progress(): BulkProgress {
    const { elapsedMs } = this;
    const [bytesTotal, { bytesRead }] = [this.#bytesTotal, this.#sums];
    const bytesLeft = Math.max(0, bytesTotal - bytesRead - this.#bytesSpared);
    return {
      ...this.#sums,
      bytesTotal,
      percent: bytesTotal === 0 ? undefined : (1 - bytesLeft / bytesTotal) * 100,
      elapsedMs,
      etaMs: bytesRead === 0 ? undefined : (elapsedMs * bytesLeft) / bytesRead,
      filesDone: this.#filesDone,
      filesTotal: this.#jobs.length,
    };
  }

  /** Takes what a file has counted so far in the place of what it had counted before. */
  #count(index: number, { rowsRead, rowsWritten, rowsSkipped, rowsDropped, bytesRead }: Counts): void {
    const counts = { rowsRead, rowsWritten, rowsSkipped, rowsDropped, bytesRead };
    const before = this.#running.get(index) ?? nothing;
    for (const name of names) this.#sums[name] += counts[name] - before[name];
    this.#running.set(index, counts);
  }
}

const nothing = { rowsRead: 0, rowsWritten: 0, rowsSkipped: 0, rowsDropped: 0, bytesRead: 0 };
const names = Object.keys(nothing) as (keyof Counts)[];

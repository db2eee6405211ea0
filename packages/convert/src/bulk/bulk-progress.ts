import { now } from '../clock.ts';
import { type Progress, ProgressReporter } from '../progress.ts';
import type { BulkProgress } from './bulk-options.ts';
import type { Job } from './plan-jobs.ts';
import type { FileResult } from './run-jobs.ts';

type Counts = Pick<Progress, 'rowsRead' | 'rowsWritten' | 'rowsSkipped' | 'rowsDropped' | 'bytesRead'>;

/** Adds up how far the files are. */
export class BulkMeter {
  readonly warnings: string[] = [];
  readonly #jobs: readonly Job[];
  readonly #startedAt = now();
  readonly #reporter: ProgressReporter<BulkProgress> | undefined;
  readonly #files: Counts[];
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
    this.#files = jobs.map(() => nothing);
    if (report.onProgress) {
      const warn = (warning: string): void => void this.warnings.push(warning);
      this.#reporter = new ProgressReporter(report.onProgress, report.progressInterval, warn);
    }
  }

  get elapsedMs(): number {
    return now() - this.#startedAt;
  }

  advance(index: number, progress: Counts): void {
    this.#files[index] = progress;
    this.#reporter?.advance(this.#sum('rowsRead'), () => this.progress());
  }

  done(index: number, { result }: FileResult): void {
    if (result) this.#files[index] = result;
    this.#bytesSpared += Math.max(
      0,
      (this.#jobs[index]!.sourceState?.size ?? 0) - this.#files[index]!.bytesRead,
    );
    this.#filesDone += 1;
    this.#reporter?.advance(this.#sum('rowsRead'), () => this.progress());
  }

  finish(): void {
    this.#reporter?.finish(this.progress());
  }

  progress(): BulkProgress {
    const bytesTotal = this.#jobs.reduce((sum, { sourceState }) => sum + (sourceState?.size ?? 0), 0);
    const bytesRead = this.#sum('bytesRead');
    const { elapsedMs } = this;
    const bytesLeft = Math.max(0, bytesTotal - bytesRead - this.#bytesSpared);
    return {
      rowsRead: this.#sum('rowsRead'),
      rowsWritten: this.#sum('rowsWritten'),
      rowsSkipped: this.#sum('rowsSkipped'),
      rowsDropped: this.#sum('rowsDropped'),
      bytesRead,
      bytesTotal,
      percent: bytesTotal === 0 ? undefined : (1 - bytesLeft / bytesTotal) * 100,
      elapsedMs,
      etaMs: bytesRead === 0 ? undefined : (elapsedMs * bytesLeft) / bytesRead,
      filesDone: this.#filesDone,
      filesTotal: this.#jobs.length,
    };
  }

  #sum(count: keyof Counts): number {
    return this.#files.reduce((sum, file) => sum + file[count], 0);
  }
}

const nothing: Counts = { rowsRead: 0, rowsWritten: 0, rowsSkipped: 0, rowsDropped: 0, bytesRead: 0 };

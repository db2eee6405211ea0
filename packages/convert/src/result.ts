import type { Batch, Reader } from '@x/formats';

import { now } from './clock.ts';
import { ConvertError } from './errors.ts';
import { type Progress, ProgressReporter } from './progress.ts';

/** What conversions count. */
export interface ConversionCounts {
  /** `rowsRead === rowsWritten + rowsSkipped + rowsDropped`, always. */
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Rows left out because something was wrong with them; only with `onError: 'skip'`. */
  readonly rowsSkipped: number;
  /** Rows that `process` left out. */
  readonly rowsDropped: number;
  /** Bytes taken from the source, as they are there: compressed where it is. */
  readonly bytesRead: number;
  /** Bytes that the destination holds; 0 where rows stay rows. */
  readonly bytesWritten: number;
}

export interface ConversionResult extends ConversionCounts {
  readonly elapsedMs: number;
  /** Whether the destination was replaced in one step. */
  readonly atomic: boolean;
  readonly warnings: readonly string[];
  /** Why rows were skipped: the first hundred reasons. */
  readonly errors: readonly Error[];
}

const keptErrors = 100;

/** Counts what goes through a run, and reports it. */
export class Meter {
  readonly warnings: string[] = [];
  /** Why rows were left out: the first hundred. */
  readonly errors: Error[] = [];
  readonly #source: { readonly bytesRead: number; readonly size: number | undefined };
  readonly #startedAt = now();
  readonly #reporter: ProgressReporter | undefined;
  #rowsArrived = 0;
  #rowsRefused = 0;
  #rowsLost = 0;
  #rowsDropped = 0;
  #rowsLeft = 0;

  constructor(
    source: { readonly bytesRead: number; readonly size: number | undefined },
    report: {
      readonly onProgress?: ((progress: Progress) => void) | undefined;
      readonly progressInterval: number;
    },
  ) {
    this.#source = source;
    if (report.onProgress) {
      this.#reporter = new ProgressReporter(report.onProgress, report.progressInterval, (warning) => {
        this.warn(warning);
      });
    }
  }

  /** Counts the rows of a source as they pass. */
  arriving(reader: Reader): Reader {
    return { schema: () => reader.schema(), [Symbol.asyncIterator]: () => this.#arriving(reader) };
  }

  async *#arriving(batches: AsyncIterable<Batch>): AsyncGenerator<Batch, void> {
    for await (const batch of batches) {
      this.#rowsArrived += batch.rowCount;
      yield batch;
      this.#reporter?.advance(this.progress().rowsRead, () => this.progress());
    }
  }

  /** Rows that have been handed to the destination. */
  left(rows: number): void {
    this.#rowsLeft += rows;
  }

  /** @throws {ConvertError} `ROWS_LOST` if a row is neither written nor known to be left out. */
  balance(): void {
    const { rowsRead, rowsWritten, rowsSkipped, rowsDropped } = this.progress();
    const missing = rowsRead - rowsWritten - rowsSkipped - rowsDropped;
    if (missing === 0) return;
    const what = `${missing} of ${rowsRead} rows did not reach the destination`;
    throw new ConvertError('ROWS_LOST', what, { hint: 'this is a defect; nothing was published' });
  }

  /** Something that is to be known, if there is such a thing. */
  warn(warning: string | undefined): void {
    if (warning !== undefined) this.warnings.push(warning);
  }

  /** A row that the reader refused and did not hand on. */
  refused(error: Error): void {
    this.#rowsRefused += 1;
    this.#keep(error);
  }

  /** A row that arrived, and that a later stage refused. */
  lost(error: Error): void {
    this.#rowsLost += 1;
    this.#keep(error);
  }

  /** A row that was handed to the destination, and that it cannot hold. */
  unwritten(error: Error): void {
    this.#rowsLeft -= 1;
    this.lost(error);
  }

  /** Rows that `process` left out. */
  dropped(rows: number): void {
    this.#rowsDropped += rows;
  }

  /** @param rowsArrived Where a stage counts more closely than by the batches that have come to it. */
  progress(rowsArrived = this.#rowsArrived): Progress {
    const { bytesRead, size } = this.#source;
    const rowsRead = rowsArrived + this.#rowsRefused;
    const rowsSkipped = this.#rowsRefused + this.#rowsLost;
    const elapsedMs = now() - this.#startedAt;
    return {
      rowsRead,
      rowsWritten: this.#rowsLeft,
      rowsSkipped,
      rowsDropped: this.#rowsDropped,
      bytesRead,
      bytesTotal: size,
      percent: size === undefined || size === 0 ? undefined : Math.min(100, (bytesRead / size) * 100),
      elapsedMs,
      etaMs:
        size === undefined || bytesRead === 0
          ? undefined
          : (elapsedMs * Math.max(0, size - bytesRead)) / bytesRead,
    };
  }

  /** Reports the final numbers. */
  finish(): Progress {
    const progress = this.progress();
    this.#reporter?.finish(progress);
    return progress;
  }

  result(destination: { readonly atomic: boolean; readonly bytesWritten: number }): ConversionResult {
    const progress = this.finish();
    const { rowsRead, rowsWritten, rowsSkipped, rowsDropped, bytesRead, elapsedMs } = progress;
    const { atomic, bytesWritten } = destination;
    return {
      rowsRead,
      rowsWritten,
      rowsSkipped,
      rowsDropped,
      bytesRead,
      bytesWritten,
      elapsedMs,
      atomic,
      warnings: this.warnings,
      errors: this.errors,
    };
  }

  #keep(error: Error): void {
    if (this.errors.length < keptErrors) this.errors.push(error);
  }
}

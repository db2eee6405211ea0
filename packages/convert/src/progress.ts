import { now } from './clock.ts';

/** How far a run is. */
export interface Progress {
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly rowsSkipped: number;
  readonly rowsDropped: number;
  /** Bytes taken from the source, as they are there: compressed where it is. */
  readonly bytesRead: number;
  /** Length of the source in bytes; undefined where it is not known. */
  readonly bytesTotal: number | undefined;
  /** 0 to 100, by bytes; undefined where the total is not known. */
  readonly percent: number | undefined;
  readonly elapsedMs: number;
  /** Milliseconds left if it goes on like this; undefined where that cannot be told. */
  readonly etaMs: number | undefined;
}

/** Reports at most this often, in milliseconds. */
export const leastInterval = 100;

/** Calls back every so many rows, but at most ten times a second; so often also where something else than rows goes on. */
export class ProgressReporter<P extends Progress = Progress> {
  readonly #callback: (progress: P) => void;
  readonly #rowInterval: number;
  readonly #warn: (warning: string) => void;
  #nextRow: number;
  #lastTime = -Infinity;
  #broken = false;

  constructor(callback: (progress: P) => void, rowInterval: number, warn: (warning: string) => void) {
    this.#callback = callback;
    this.#rowInterval = rowInterval;
    this.#nextRow = rowInterval;
    this.#warn = warn;
  }

  /** @param progress Made only if it is time to report. */
  advance(rowsRead: number, progress: () => P): void {
    if (rowsRead >= this.#nextRow) this.tick(progress);
  }

  /** Something is done that may be without rows, such as a file that was skipped. */
  tick(progress: () => P): void {
    const time = now();
    if (time - this.#lastTime < leastInterval) return;
    this.#lastTime = time;
    const position = progress();
    this.#nextRow = position.rowsRead + this.#rowInterval;
    this.#report(position);
  }

  finish(progress: P): void {
    this.#report(progress);
  }

  /** A callback that throws must not cost anybody their output. */
  #report(progress: P): void {
    try {
      const outcome: unknown = this.#callback(progress);
      // One that is asynchronous fails later, and nobody else would catch it.
      if (outcome instanceof Promise) outcome.catch((error: unknown) => this.#threw(error));
    } catch (error) {
      this.#threw(error);
    }
  }

  #threw(error: unknown): void {
    if (!this.#broken) this.#warn(`onProgress threw: ${String(error)}`);
    this.#broken = true;
  }
}

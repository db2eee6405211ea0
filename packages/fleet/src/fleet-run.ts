import { EventEmitter, once } from 'node:events';
import { availableParallelism } from 'node:os';

import { type ConvertOptions, openConverter } from '@x/convert';

import type { Engine } from './engine/engine.ts';
import { local } from './engine/local.ts';
import { FleetError } from './fleet-error.ts';
import { type Fate, finish, openRanges, type Standing, standingOf } from './run-directory/finish.ts';
import type { RunFolder } from './run-directory/layout.ts';
import { describe } from './run-directory/open-run.ts';
import { Plan } from './run-directory/plan-file.ts';
import { work } from './work.ts';

/** How work on a run is done, whoever began the run. */
export interface FleetOptions {
  /** Who hands out the work. Default: `local()`, the workers of this process. */
  readonly engine?: Engine | undefined;
  /** Files at a time in this process. Default: by the processors. */
  readonly concurrency?: number | undefined;
  /** How often a file is tried before it is set aside. Default 3. */
  readonly attempts?: number | undefined;
  /** Milliseconds before the second attempt, twice as many before each further one. Default 500. */
  readonly retryDelay?: number | undefined;
  /**
   * Whether to queue what is open. Default `true`; `false` for a further worker on a shared queue that
   * has it already.
   */
  readonly enqueue?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far a run is. */
export interface FleetProgress extends Standing {
  readonly files: number;
  readonly elapsedMs: number;
}

export interface FleetResult extends FleetProgress {
  /** Whether every file is published or set aside, and `_SUCCESS` with it. */
  readonly isComplete: boolean;
}

/** Work on a run that has begun. */
export class FleetRun {
  readonly folder: RunFolder;
  /** By file: whether it is known here to be published or set aside. */
  readonly #fates: Uint8Array;
  readonly #start = performance.now();
  readonly #counts = { open: 0, published: 0, failed: 0 };
  readonly #end: Promise<FleetResult>;
  #isOver = false;
  readonly #changes = new EventEmitter();

  private constructor(folder: RunFolder, files: number, plan: Plan, options: FleetOptions) {
    this.folder = folder;
    this.#fates = new Uint8Array(files);
    this.#counts.open = files;
    this.#end = this.#run(plan, options).finally(() => {
      this.#isOver = true;
      this.#changes.emit('change');
    });
    // Whoever does not wait for the end is not to be ended by it.
    this.#end.catch(() => undefined);
  }

  /** Begins to work on a run. */
  static async begin(folder: RunFolder, options: FleetOptions): Promise<FleetRun> {
    const [{ files }, plan] = await Promise.all([describe(folder), Plan.open(folder)]);
    return new FleetRun(folder, files, plan, options);
  }

  /** How far it is, each time that changes, and once at the end. */
  async *progress(): AsyncGenerator<FleetProgress, void> {
    while (!this.#isOver) {
      yield this.#progress();
      await once(this.#changes, 'change');
    }
    yield this.#progress();
  }

  /**
   * Waits for the end of the work here. Where nothing is open any more, the outputs have been compared
   * with what was committed, and `_SUCCESS` is published.
   *
   * @throws {FleetError} `REVOKED` if a newer run has the output folder. An abort throws its reason.
   */
  done(): Promise<FleetResult> {
    return this.#end;
  }

  async #run(plan: Plan, options: FleetOptions): Promise<FleetResult> {
    const { engine = local(), signal, attempts = 3, retryDelay = 500 } = options;
    const { concurrency = availableParallelism() } = options;
    const description = await describe(this.folder);
    const converter = await openConverter(
      { ...(description.options as ConvertOptions), signal },
      concurrency,
    );
    const queue = await engine.join(this.folder, plan.ranges);
    try {
      if (options.enqueue !== false) await queue.put(await openRanges(this.folder, plan));
      for (let open = Infinity; ;) {
        await work(this.folder, plan, queue, {
          concurrency,
          attempts,
          retryDelay,
          signal,
          convertFile: async ({ source, rejects }, destination) => {
            const { errors, ...result } = await converter.convert({ source, destination, rejects });
            return { ...result, errors: errors.length };
          },
          onFile: (file, fate) => this.#note(file.index, fate),
        });
        const result = await this.#finish();
        // A shared queue that is empty although files are open has been lost. The plan has not.
        if (result.isComplete || !engine.isShared || result.open >= open) return result;
        open = result.open;
        await queue.put(await openRanges(this.folder, plan));
      }
    } finally {
      await Promise.all([queue.close(), converter.close()]);
    }
  }

  async #finish(): Promise<FleetResult> {
    try {
      return { ...this.#progress(), ...(await finish(this.folder)), isComplete: true };
    } catch (error) {
      if (!(error instanceof FleetError) || error.code !== 'INCOMPLETE') throw error;
      // Others are still at work.
      return { ...this.#progress(), ...(await standingOf(this.folder)), isComplete: false };
    }
  }

  #note(index: number, fate: Fate['kind']): void {
    if (fate === 'open' || this.#fates[index] === 1) return;
    this.#fates[index] = 1;
    this.#counts.open -= 1;
    this.#counts[fate] += 1;
    this.#changes.emit('change');
  }

  #progress(): FleetProgress {
    return { files: this.#fates.length, ...this.#counts, elapsedMs: performance.now() - this.#start };
  }
}

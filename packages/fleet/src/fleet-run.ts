import { EventEmitter, once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import { type ConversionResult, type ConvertOptions, openConverter } from '@x/convert';

import type { Engine } from './engine/engine.ts';
import { local } from './engine/local.ts';
import { FleetError } from './fleet-error.ts';
import { MemoryLimit } from './memory-limit.ts';
import { Metrics } from './metrics.ts';
import { inodeOf } from './run-directory/commit.ts';
import { type Dataset, movedTo } from './run-directory/dataset.ts';
import { type Fate, finish, finishedStanding } from './run-directory/finish.ts';
import type { RunFolder } from './run-directory/layout.ts';
import { openRanges } from './run-directory/marks.ts';
import { describe, isFinished, type RunDescription } from './run-directory/open-run.ts';
import { Plan } from './run-directory/plan-file.ts';
import { type Standing, StandingWatch, statusOf } from './run-directory/standing.ts';
import { convertPart } from './split/convert-part.ts';
import { type ConvertFile, work } from './work.ts';

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
  /**
   * Bytes of memory (resident set) above which no further file is begun here while one is in hand. It
   * bounds how many grow at a time, not how far one does. Default: none.
   */
  readonly memoryLimit?: number | undefined;
  /** Ends the work here at once; files in hand are abandoned. The run can be gone on with. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the work here when the files in hand are published; the rest is left to others. */
  readonly drain?: AbortSignal | undefined;
  /** Counts what is done here. */
  readonly metrics?: Metrics | undefined;
}

/** How far a run is, whoever works on it. */
export interface FleetProgress extends Standing {
  readonly files: number;
  /** Rows and bytes that were read here. */
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
}

export interface FleetResult extends FleetProgress {
  /** Whether every file is published or set aside, and `_SUCCESS` with it. */
  readonly isComplete: boolean;
}

interface Running extends FleetOptions {
  readonly concurrency: number;
  readonly metrics: Metrics;
  readonly convertFile: ConvertFile;
}

/** Milliseconds between two looks at what others have done. */
const watchInterval = 500;

/** Work on a run that has begun. */
export class FleetRun {
  /** Of the run. That of a dataset becomes another one when it is published. */
  folder: RunFolder;
  /** By file: whether it is known here to be published or set aside. */
  readonly #fates: Uint8Array;
  readonly #start = performance.now();
  readonly #counts = { open: 0, published: 0, failed: 0, rowsRead: 0, bytesRead: 0 };
  readonly #end: Promise<FleetResult>;
  #isOver = false;
  readonly #changes = new EventEmitter();

  readonly #dataset: Dataset | undefined;
  readonly #isShared: boolean;

  private constructor(
    folder: RunFolder,
    { files, dataset }: RunDescription,
    plan: Plan,
    options: FleetOptions,
  ) {
    this.folder = folder;
    this.#dataset = dataset;
    this.#isShared = options.engine?.isShared ?? false;
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
    const [description, plan] = await Promise.all([describe(folder), Plan.open(folder)]);
    return new FleetRun(folder, description, plan, options);
  }

  /** Folder of the dataset that the outputs become the parts of, if they do. */
  get dataset(): string | undefined {
    return this.#dataset?.path;
  }

  /** How far it is, each time that changes, and once at the end. Of what others do one hears now and then. */
  async *progress(): AsyncGenerator<FleetProgress, void> {
    const left = new AbortController();
    if (this.#isShared) void this.#watch(left.signal);
    try {
      while (!this.#isOver) {
        yield this.#progress();
        await once(this.#changes, 'change');
      }
      yield this.#progress();
    } finally {
      left.abort();
    }
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
    const { concurrency = availableParallelism(), metrics = new Metrics() } = options;
    const conversion = await this.#openConversion({ ...options, concurrency, metrics });
    try {
      const { convertFile } = conversion;
      return await this.#runWith(plan, { ...options, concurrency, metrics, convertFile });
    } catch (error) {
      if ((await this.#whereOthersPublished()) === undefined) throw error;
      // Whoever has published it may have been stopped before it ended the run.
      return (await this.#ended()) ?? (await this.#finish());
    } finally {
      await conversion.close();
    }
  }

  async #runWith(plan: Plan, options: Running): Promise<FleetResult> {
    const { engine = local(), signal, drain, attempts = 3, retryDelay = 500 } = options;
    const { concurrency, metrics, convertFile } = options;
    // Of one that had ended before, outputs may have been lost since.
    const isAlone = !engine.isShared || (options.enqueue !== false && (await isFinished(this.folder)));
    const queue = await engine.join(this.folder, plan.ranges);
    const queueOpen = async (): Promise<void> =>
      queue.put(await openRanges(this.folder, plan, (range) => engine.owns(range)));
    let open = Infinity;
    let result: FleetResult | undefined;
    /** Whether it has ended, here or elsewhere. All clear up then, since until they leave they leave marks there. */
    let isOver = false;
    const heed = async (found: FleetResult): Promise<void> => {
      isOver = found.isComplete;
      // A shared queue that is empty although files are open has been lost. The plan has not.
      if (engine.isShared && !isOver && found.open < open) await queueOpen();
      else result = found;
      open = found.open;
    };
    try {
      if (options.enqueue !== false) await queueOpen();
      for (;;) {
        await work(this.folder, plan, queue, {
          concurrency,
          attempts,
          retryDelay,
          signal,
          drain,
          metrics,
          convertFile,
          onFile: (file, fate) => this.#note(file.index, fate, metrics),
          end: async () => heed((await this.#ended()) ?? (await this.#finish())),
        });
        if (drain?.aborted) return await this.#leave();
        if (isAlone) await heed(await this.#finish());
        result ??= await this.#ended();
        isOver ||= result?.isComplete ?? false;
        if (result !== undefined) return result;
        // One of those who find nothing to do ends the run. If it is lost over it, the engine gives it to another.
        await queue.put([plan.ranges]);
      }
    } catch (error) {
      // Of a run that was revoked nobody needs the queue.
      isOver = isRevoked(error) && (await this.#whereOthersPublished()) === undefined;
      throw error;
    } finally {
      await queue.close({ isOver });
    }
  }

  /** What converts files here, in threads, and can be made anew where it takes too much memory. */
  async #openConversion({
    concurrency,
    metrics,
    memoryLimit,
    signal,
  }: FleetOptions & { readonly concurrency: number; readonly metrics: Metrics }) {
    const description = await describe(this.folder);
    const open = () => openConverter({ ...(description.options as ConvertOptions), signal }, concurrency);
    let converter = await open();
    const memory =
      memoryLimit === undefined
        ? undefined
        : new MemoryLimit(memoryLimit, async () => {
            await converter.close();
            converter = await open();
          });
    const convertFile: ConvertFile = async ({ source, rejects, part }, destination, own) => {
      const job = { source, destination, rejects };
      const convert = (): Promise<ConversionResult> =>
        part === undefined ? converter.convert(job, own) : convertPart(job, part, converter, own);
      const { errors, ...result } = await (memory ? memory.within(convert) : convert());
      this.#counts.rowsRead += result.rowsRead;
      this.#counts.bytesRead += result.bytesRead;
      metrics.rowsWritten += result.rowsWritten;
      metrics.bytesRead += result.bytesRead;
      metrics.bytesWritten += result.bytesWritten;
      // It is, once the attempt is published.
      return { ...result, atomic: true, errors: errors.length };
    };
    return { convertFile, close: () => converter.close() };
  }

  /** The run of a new dataset moves with it; who works on the run then finds it gone, as if it were revoked. */
  async #whereOthersPublished(): Promise<RunFolder | undefined> {
    if (this.#dataset?.kind !== 'new') return undefined;
    const moved = movedTo(this.folder, this.#dataset);
    return (await inodeOf(moved.path)) === undefined ? undefined : moved;
  }

  async #leave(): Promise<FleetResult> {
    const isComplete = await isFinished(this.folder);
    return { ...this.#progress(), ...(await this.#standing()), isComplete };
  }

  async #standing(): Promise<Standing> {
    const { published, failed, open } = await statusOf(this.folder);
    return { published, failed, open };
  }

  async #finish(): Promise<FleetResult> {
    try {
      const standing = await finish(this.folder, this.#dataset);
      this.folder = (await this.#whereOthersPublished()) ?? this.folder;
      return { ...this.#progress(), ...standing, isComplete: true };
    } catch (error) {
      if (!(error instanceof FleetError) || error.code !== 'INCOMPLETE') throw error;
      // Others are still at work.
      return { ...this.#progress(), ...(await this.#standing()), isComplete: false };
    }
  }

  /** Of a run that somebody has ended: what became of it. */
  async #ended(): Promise<FleetResult | undefined> {
    this.folder = (await this.#whereOthersPublished()) ?? this.folder;
    const standing = await finishedStanding(this.folder);
    return standing && { ...this.#progress(), ...standing, isComplete: true };
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const watch = new StandingWatch(this.folder, this.#fates.length);
    while (!signal.aborted && !this.#isOver) {
      const start = performance.now();
      try {
        Object.assign(this.#counts, await watch.look());
        this.#changes.emit('change');
        // A tenth of the time at most.
        const pause = Math.max(watchInterval, 9 * (performance.now() - start));
        await wait(pause, undefined, { signal, ref: false });
      } catch {
        // Aborted, or the folder is not to be read, which the work itself finds and tells.
        return;
      }
    }
  }

  #note(index: number, fate: Fate['kind'], metrics: Metrics): void {
    if (fate === 'open' || this.#fates[index] === 1) return;
    metrics[fate] += 1;
    this.#fates[index] = 1;
    // Otherwise all that is counted is what the storage tells of everybody.
    if (!this.#isShared) {
      this.#counts.open -= 1;
      this.#counts[fate] += 1;
    }
    this.#changes.emit('change');
  }

  #progress(): FleetProgress {
    return { files: this.#fates.length, ...this.#counts, elapsedMs: performance.now() - this.#start };
  }
}

const isRevoked = (error: unknown): boolean => error instanceof FleetError && error.code === 'REVOKED';

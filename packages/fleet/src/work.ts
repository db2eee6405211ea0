import { setTimeout as wait } from 'node:timers/promises';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Lease, Queue } from './engine/engine.ts';
import { FleetError } from './fleet-error.ts';
import type { Metrics } from './metrics.ts';
import { attempt, revokedOr } from './run-directory/commit.ts';
import { checkUnchanged } from './run-directory/fingerprint.ts';
import { type Fate, reconcile } from './run-directory/finish.ts';
import { HeldFolders } from './run-directory/folders.ts';
import { keyOf, type RunFolder } from './run-directory/layout.ts';
import { attemptsOf, marksOf } from './run-directory/marks.ts';
import type { Plan, PlannedFile } from './run-directory/plan-file.ts';
import { ResultLog, type Told } from './run-directory/results.ts';
import { failureBy, setAside } from './run-directory/set-aside.ts';
import { isOfStorage, storageFailed } from './storage-failure.ts';

/** Converts a file into an empty one that is there, in place, and says what is to be in the manifest. */
export type ConvertFile = (file: PlannedFile, path: string, signal: AbortSignal | undefined) => Promise<Told>;

export interface WorkOptions {
  /** Ranges at a time; each has one file converted at a time. */
  readonly concurrency: number;
  /** How often a file is tried before it is set aside. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; twice as many before each further one. */
  readonly retryDelay: number;
  readonly convertFile: ConvertFile;
  readonly signal?: AbortSignal | undefined;
  /** Aborted: no further file is begun, and what is left of a range is given back. */
  readonly drain?: AbortSignal | undefined;
  readonly metrics: Metrics;
  readonly onFile?: ((file: PlannedFile, fate: Fate['kind']) => void) | undefined;
  /** Ends the run: what is done by whoever gets the range behind the last one. */
  readonly end: () => Promise<void>;
}

/**
 * Takes ranges from the queue until there are no more, or until it is drained, and leaves no file of
 * them open: each is published, or set aside with its error.
 *
 * @throws {FleetError} `REVOKED` when a newer run has the output folder, `STORAGE_FAILED`. An abort throws its
 * reason.
 */
export async function work(run: RunFolder, plan: Plan, queue: Queue, options: WorkOptions): Promise<void> {
  const failing = new AbortController();
  const signal = eitherOf(failing.signal, options.signal);
  const { drain } = options;
  const takeAll = async (): Promise<void> => {
    for (;;) {
      if (drain?.aborted) return;
      const lease = await queue.take(eitherOf(signal, drain)).catch((error: unknown) => {
        if (drain?.aborted && !signal.aborted) return undefined;
        throw error;
      });
      if (lease === undefined) return;
      options.metrics.rangesTaken += 1;
      await under(lease, options.metrics, () =>
        lease.range === plan.ranges
          ? endRun(options)
          : settleRange(run, plan, lease, { ...options, signal: eitherOf(lease.signal, signal) }),
      );
    }
  };
  const workers = Array.from({ length: options.concurrency }, async () => {
    try {
      await takeAll();
    } catch (error) {
      // What ends one of them ends them all.
      failing.abort(await revokedOr(error, run));
    }
  });
  await Promise.all(workers);
  failing.signal.throwIfAborted();
}

/** @param task Says whether nothing is left of what the lease is for. */
async function under(lease: Lease, metrics: Metrics, task: () => Promise<boolean>): Promise<void> {
  try {
    await lease.settle((await task()) ? 'done' : 'retry');
  } catch (error) {
    if (isCode(error, 'LEASE_LOST') || lease.signal.aborted) {
      metrics.leasesLost += 1;
      return;
    }
    await lease.settle('retry');
    throw error;
  }
}

/** Where its lease runs out meanwhile, another worker does the same beside it, which does no harm. */
async function endRun({ drain, end }: WorkOptions): Promise<boolean> {
  // Who is told to leave does not look through all that others have done.
  if (drain?.aborted) return false;
  await end();
  return true;
}

/** What the work at a range has open. */
interface Bench {
  readonly run: RunFolder;
  readonly lease: Lease;
  readonly folders: HeldFolders;
  readonly results: ResultLog;
}

/** Whether no file of it is open any more. */
async function settleRange(run: RunFolder, plan: Plan, lease: Lease, options: WorkOptions): Promise<boolean> {
  const files = await plan.range(lease.range);
  const first = files[0]!.index;
  // What is marked after this the storage tells when an attempt is to be committed.
  const [{ committed, failed }, begun] = await Promise.all([marksOf(run, first), attemptsOf(run, first)]);
  const bench = { run, lease, folders: new HeldFolders(), results: new ResultLog(run, first) };
  try {
    for (const file of files) {
      if (options.drain?.aborted) return false;
      const key = keyOf(file.index);
      const isMarked = committed.has(key) || failed.has(key);
      const kind = isMarked ? (await reconcile(run, file)).kind : 'open';
      const fate = kind === 'open' ? await settle(bench, file, begun.get(key) ?? 0, options) : kind;
      options.onFile?.(file, fate);
      if (fate === 'open') return false;
    }
    return true;
  } finally {
    await Promise.all([bench.folders.close(), bench.results.close()]);
  }
}

/**
 * Publishes a file, or sets it aside.
 *
 * @param before Attempts of others that have not come to an end. They count: an input that kills whoever
 * works on it would go round for ever.
 */
async function settle(
  bench: Bench,
  file: PlannedFile,
  before: number,
  options: WorkOptions,
): Promise<Fate['kind']> {
  const { run } = bench;
  const { attempts, retryDelay, signal, metrics } = options;
  if (before >= attempts) {
    const message = `its workers were killed or cut off in ${before} attempts`;
    await setAside(run, file.index, { code: 'WORKER_LOST', message, attempts: before });
    return 'failed';
  }
  let [faults, storageFaults] = [before, 0];
  for (;;) {
    const start = performance.now();
    metrics.inHand += 1;
    try {
      await publish(bench, file, options);
      return 'published';
    } catch (error) {
      signal?.throwIfAborted();
      if (isCode(error, 'REVOKED') || isCode(error, 'LEASE_LOST')) throw error;
      if (isOfStorage(error, run, file.source)) {
        // No fault of the input, which stays open.
        storageFaults += 1;
        if (storageFaults >= attempts) throw storageFailed(run, error);
      } else {
        faults += 1;
        if (faults >= attempts || isCode(error, 'INPUT_CHANGED') || isCode(error, 'OUTPUT_TAKEN')) {
          await setAside(run, file.index, failureBy(error, faults));
          return 'failed';
        }
      }
    } finally {
      metrics.inHand -= 1;
      metrics.seconds += (performance.now() - start) / 1000;
    }
    if (options.drain?.aborted) return 'open';
    metrics.retries += 1;
    const ended = eitherOf(signal, options.drain);
    const tries = faults - before + storageFaults;
    await wait(retryDelay * 2 ** (tries - 1), undefined, { signal: ended }).catch(() =>
      signal?.throwIfAborted(),
    );
  }
}

async function publish(
  { run, lease, folders, results }: Bench,
  file: PlannedFile,
  { convertFile, signal }: WorkOptions,
): Promise<void> {
  const { index, source, destination, fingerprint } = file;
  const folder = dirname(destination);
  // The folder of the run is there as long as the run is; it must not come back when it has become a dataset.
  if (folder !== run.out) await mkdir(folder, { recursive: true });
  await attempt(run, file, {
    write: async (path, handle) => {
      const told = await convertFile(file, path, signal).catch(async (error: unknown) => {
        // That says why, if it is so.
        await checkUnchanged(source, fingerprint);
        throw error;
      });
      await handle.datasync();
      await results.add(index, await handle.stat({ bigint: true }), told);
    },
    check: async () => {
      signal?.throwIfAborted();
      await checkUnchanged(source, fingerprint);
      if (!(await lease.isHeld())) {
        throw new FleetError('LEASE_LOST', 'the engine has given the work to somebody else', {
          path: source,
        });
      }
    },
    syncFolder: (path) => folders.sync(path),
  });
}

const eitherOf = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal =>
  AbortSignal.any(signals.filter((signal) => signal !== undefined));

const isCode = (error: unknown, code: FleetError['code']): boolean =>
  error instanceof FleetError && error.code === code;

import { setTimeout as wait } from 'node:timers/promises';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Lease, Queue } from './engine/engine.ts';
import { FleetError, systemCode } from './fleet-error.ts';
import type { Metrics } from './metrics.ts';
import { attempt, attemptsIn, revokedOr } from './run-directory/commit.ts';
import { checkUnchanged } from './run-directory/fingerprint.ts';
import { type Fate, reconcile } from './run-directory/finish.ts';
import { inFolder, syncFile } from './run-directory/folders.ts';
import { keyOf, pathsOf, type RunFolder } from './run-directory/layout.ts';
import type { Plan, PlannedFile } from './run-directory/plan-file.ts';
import { setAside } from './run-directory/set-aside.ts';

/** Converts a file into a path where an empty file is, and says what is to be in the manifest. */
export type ConvertFile = (
  file: PlannedFile,
  path: string,
  signal: AbortSignal | undefined,
) => Promise<Readonly<Record<string, unknown>>>;

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
}

/**
 * Takes ranges from the queue until there are no more, or until it is drained, and leaves no file of
 * them open: each is published, or set aside with its error.
 *
 * @throws {FleetError} `REVOKED` when a newer run has the output folder. An abort throws its reason.
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
      await workOn(run, plan, lease, { ...options, signal });
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

async function workOn(run: RunFolder, plan: Plan, lease: Lease, options: WorkOptions): Promise<void> {
  const signal = eitherOf(lease.signal, options.signal);
  try {
    const files = await plan.range(lease.range);
    const begun = await attemptsIn(run, files[0]!.index);
    for (const file of files) {
      if (options.drain?.aborted) return await lease.settle('retry');
      const { kind } = await reconcile(run, file);
      const before = begun.get(keyOf(file.index)) ?? 0;
      const fate = kind === 'open' ? await settle(run, file, lease, before, { ...options, signal }) : kind;
      options.onFile?.(file, fate);
    }
  } catch (error) {
    if (isCode(error, 'LEASE_LOST') || lease.signal.aborted) {
      options.metrics.leasesLost += 1;
      return;
    }
    await lease.settle('retry');
    throw error;
  }
  await lease.settle('done');
}

/**
 * Publishes a file, or sets it aside.
 *
 * @param before Attempts of others that have not come to an end. They count: an input that kills whoever
 * works on it would go round for ever.
 */
async function settle(
  run: RunFolder,
  file: PlannedFile,
  lease: Lease,
  before: number,
  options: WorkOptions,
): Promise<Fate['kind']> {
  const { attempts, retryDelay, signal, metrics } = options;
  if (before >= attempts) {
    const message = `its workers were killed or cut off in ${before} attempts`;
    await setAside(run, file.index, { code: 'WORKER_LOST', message, attempts: before });
    return 'failed';
  }
  for (let count = before + 1; ; count += 1) {
    const start = performance.now();
    metrics.inHand += 1;
    try {
      await publish(run, file, lease, options);
      return 'published';
    } catch (error) {
      signal?.throwIfAborted();
      if (isCode(error, 'REVOKED') || isCode(error, 'LEASE_LOST')) throw error;
      if (count >= attempts || isCode(error, 'INPUT_CHANGED')) {
        await setAside(run, file.index, {
          code: systemCode(error),
          message: error instanceof Error ? error.message : String(error),
          attempts: count,
        });
        return 'failed';
      }
    } finally {
      metrics.inHand -= 1;
      metrics.seconds += (performance.now() - start) / 1000;
    }
    if (options.drain?.aborted) return 'open';
    metrics.retries += 1;
    const ended = eitherOf(signal, options.drain);
    await wait(retryDelay * 2 ** (count - before - 1), undefined, { signal: ended }).catch(() =>
      signal?.throwIfAborted(),
    );
  }
}

async function publish(
  run: RunFolder,
  file: PlannedFile,
  lease: Lease,
  { convertFile, signal }: WorkOptions,
): Promise<void> {
  const { result, resultFolder } = pathsOf(run);
  const folder = dirname(file.destination);
  // The folder of the run is there as long as the run is; it must not come back when it has become a dataset.
  if (folder !== run.out) await mkdir(folder, { recursive: true });
  await attempt(run, file, {
    write: async (path) => {
      await checkUnchanged(file.source, file.fingerprint);
      const told = await convertFile(file, path, signal);
      const inode = await syncFile(path);
      // By the inode of the attempt, so that whichever wins has its own.
      const resultPath = result(file.index, inode);
      await inFolder(resultFolder(file.index), () => writeSynced(resultPath, JSON.stringify(told)));
    },
    check: async () => {
      signal?.throwIfAborted();
      await checkUnchanged(file.source, file.fingerprint);
      if (!(await lease.isHeld())) {
        throw new FleetError('LEASE_LOST', 'the engine has given the work to somebody else', {
          path: file.source,
        });
      }
    },
  });
}

/** In place: nobody else writes there, and nobody reads it before the attempt is committed. */
async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const eitherOf = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal =>
  AbortSignal.any(signals.filter((signal) => signal !== undefined));

const isCode = (error: unknown, code: FleetError['code']): boolean =>
  error instanceof FleetError && error.code === code;

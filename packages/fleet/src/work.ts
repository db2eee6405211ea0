import { setTimeout as wait } from 'node:timers/promises';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { writeFile } from '@x/atomic-fs';

import type { Lease, Queue } from './engine/engine.ts';
import { FleetError, systemCode } from './fleet-error.ts';
import { attempt, inodeOf, revokedOr } from './run-directory/commit.ts';
import { checkUnchanged } from './run-directory/fingerprint.ts';
import { type Fate, reconcile } from './run-directory/finish.ts';
import { makeFolderIn } from './run-directory/folders.ts';
import { pathsOf, type RunFolder } from './run-directory/layout.ts';
import type { Plan, PlannedFile } from './run-directory/plan-file.ts';
import { setAside } from './run-directory/set-aside.ts';

/** Converts a file into a path, whole and synced, and says what is to be in the manifest. */
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
  readonly onFile?: ((file: PlannedFile, fate: Fate['kind']) => void) | undefined;
}

/**
 * Takes ranges from the queue until there are no more, and leaves no file of them open: each is
 * published, or set aside with its error.
 *
 * @throws {FleetError} `REVOKED` when a newer run has the output folder. An abort throws its reason.
 */
export async function work(run: RunFolder, plan: Plan, queue: Queue, options: WorkOptions): Promise<void> {
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(options.signal ? [options.signal] : [])]);
  const takeAll = async (): Promise<void> => {
    for (;;) {
      const lease = await queue.take(signal);
      if (lease === undefined) return;
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
  const signal = AbortSignal.any([lease.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    for (const file of await plan.range(lease.range)) {
      const { kind } = await reconcile(run, file);
      const fate = kind === 'open' ? await settle(run, file, lease, { ...options, signal }) : kind;
      options.onFile?.(file, fate);
    }
  } catch (error) {
    if (isCode(error, 'LEASE_LOST') || lease.signal.aborted) return;
    await lease.settle('retry');
    throw error;
  }
  await lease.settle('done');
}

/** Publishes a file, or sets it aside. */
async function settle(
  run: RunFolder,
  file: PlannedFile,
  lease: Lease,
  options: WorkOptions,
): Promise<Fate['kind']> {
  const { attempts, retryDelay, signal } = options;
  for (let count = 1; ; count += 1) {
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
      await wait(retryDelay * 2 ** (count - 1), undefined, signal ? { signal } : {});
    }
  }
}

async function publish(
  run: RunFolder,
  file: PlannedFile,
  lease: Lease,
  { convertFile, signal }: WorkOptions,
): Promise<void> {
  const { result, resultFolder } = pathsOf(run);
  await mkdir(dirname(file.destination), { recursive: true });
  await attempt(run, file, {
    write: async (path) => {
      await checkUnchanged(file.source, file.fingerprint);
      const told = await convertFile(file, path, signal);
      await makeFolderIn(resultFolder(file.index));
      // By the inode of the attempt, so that whichever wins has its own.
      await writeFile(result(file.index, (await inodeOf(path)) ?? 0n), JSON.stringify(told));
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

const isCode = (error: unknown, code: FleetError['code']): boolean =>
  error instanceof FleetError && error.code === code;

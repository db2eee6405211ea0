import { dirname } from 'node:path';

import { ConvertError, explained } from '../errors.ts';
import type { Progress } from '../progress.ts';
import type { ConversionResult } from '../result.ts';
import { makeFolder } from './make-folder.ts';
import type { Job } from './plan-jobs.ts';

/** What became of a file. */
export interface FileResult {
  readonly source: string;
  readonly destination: string;
  readonly status: 'succeeded' | 'failed' | 'skipped';
  /** Why it was skipped: its output was there already, or an earlier failure stopped the run. */
  readonly reason?: 'exists' | 'stopped';
  /** Where it succeeded. */
  readonly result?: ConversionResult;
  /** Where it failed. */
  readonly error?: Error;
}

/** Who converts single files: this thread, or others. */
export interface Runner {
  /** Files that it takes at a time. */
  readonly filesAtOnce: number;
  run(job: Job, onProgress: (progress: Progress) => void): Promise<ConversionResult>;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly stopOnError: boolean;
  readonly signal: AbortSignal | undefined;
  /** Tells whether the output is there and stays. It throws where that is a failure. */
  readonly isToBeSkipped: (job: Job) => Promise<boolean>;
  readonly onProgress: (index: number, progress: Progress) => void;
  readonly onDone: (index: number, result: FileResult) => void;
}

/**
 * Runs the jobs, as many at a time as the runner takes, and gives their results in the order of the jobs.
 *
 * An abort fails the jobs that are running and starts no further one; it is not thrown here, so
 * that what has been done is known.
 */
export async function runJobs(
  jobs: readonly Job[],
  runner: Runner,
  options: RunOptions,
): Promise<FileResult[]> {
  const { signal, stopOnError } = options;
  const folders = new Folders();
  const results: FileResult[] = [];
  let next = 0;
  let stopped = false;
  const work = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next;
      next += 1;
      const job = jobs[index]!;
      const isOver = stopped || signal?.aborted === true;
      const result = isOver ? skipped(job, 'stopped') : await runJob(job, index, runner, folders, options);
      if (result.status === 'failed' && stopOnError) stopped = true;
      results[index] = result;
      options.onDone(index, result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(runner.filesAtOnce, jobs.length) }, work));
  return results;
}

/** Whatever becomes of it, it is a result: one failing file must not stop the rest. */
async function runJob(
  job: Job,
  index: number,
  runner: Runner,
  folders: Folders,
  options: RunOptions,
): Promise<FileResult> {
  const { source, destination } = job;
  try {
    if (await options.isToBeSkipped(job)) return skipped(job, 'exists');
    await folders.make(dirname(destination));
    if (job.rejects !== undefined) await folders.make(dirname(job.rejects));
    const result = await runner.run(job, (progress) => options.onProgress(index, progress));
    return { source, destination, status: 'succeeded', result };
  } catch (reason) {
    const error = lostFolder(reason, job) ?? explained(reason, { path: destination });
    return { source, destination, status: 'failed', error: error as Error };
  }
}

/** It is not made again in the same run: where a disk has gone, the files would end up below its mount point. */
function lostFolder(cause: unknown, { destination }: Job): ConvertError | undefined {
  if (!(cause instanceof ConvertError) || cause.code !== 'DESTINATION_NOT_FOUND') return undefined;
  const message = `the folder ${dirname(destination)} was there in this run, and is gone`;
  const hint = 'see what removed it, or whether its disk is still there, and run again, which makes it';
  return new ConvertError('DESTINATION_LOST', message, { path: destination, hint }, { cause });
}

function skipped({ source, destination }: Job, reason: 'exists' | 'stopped'): FileResult {
  return { source, destination, status: 'skipped', reason };
}

/** Folders that outputs go to, each made once. */
class Folders {
  readonly #made = new Map<string, Promise<unknown>>();

  async make(folder: string): Promise<void> {
    let made = this.#made.get(folder);
    if (!made) this.#made.set(folder, (made = makeFolder(folder)));
    await made;
  }
}

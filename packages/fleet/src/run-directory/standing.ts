import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { systemCode } from '../fleet-error.ts';
import type { Standing } from './finish.ts';
import type { RunFolder } from './layout.ts';
import { describe, isFinished } from './open-run.ts';

export interface RunStatus extends Standing {
  readonly files: number;
  /** Whether its manifest is published. */
  readonly isFinished: boolean;
}

/**
 * How a run stands by the names of its marks alone: nothing is mended, no output is looked at. What takes
 * the time is listing a folder for every hundred files.
 *
 * @throws {FleetError} `BAD_RUN` if it cannot be read.
 */
export async function statusOf(run: RunFolder): Promise<RunStatus> {
  const { files } = await describe(run);
  let published = 0;
  let failed = 0;
  const failures = new Set(await namesIn(join(run.path, 'failed')));
  for (const part of await namesIn(join(run.path, 'done'))) {
    const done = await namesIn(join(run.path, 'done', part));
    published += done.length;
    if (!failures.delete(part)) continue;
    const isPublished = new Set(done);
    failed += (await failuresIn(run, part)).filter((key) => !isPublished.has(key)).length;
  }
  for (const part of failures) failed += (await failuresIn(run, part)).length;
  return { files, published, failed, open: files - published - failed, isFinished: await isFinished(run) };
}

/** Temps of marks that are being written are none. */
const failuresIn = async ({ path }: RunFolder, part: string): Promise<string[]> =>
  (await namesIn(join(path, 'failed', part))).filter((name) => /^\d+$/.test(name));

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

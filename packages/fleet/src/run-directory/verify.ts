import { access, stat } from 'node:fs/promises';

import { systemCode } from '../fleet-error.ts';
import { inodeOf } from './commit.ts';
import { folderFiles, pathsOf, type RunFolder } from './layout.ts';
import { Plan, type PlannedFile } from './plan-file.ts';
import { Results } from './results.ts';
import { failureOf } from './set-aside.ts';
import type { Standing } from './standing.ts';

/** An output that is not what was committed. */
export interface Deviation {
  readonly path: string;
  /** `missing`: it is not there. `replaced`: another file is. `changed`: it has another length. */
  readonly kind: 'missing' | 'replaced' | 'changed';
}

export interface Verification extends Standing {
  readonly deviations: readonly Deviation[];
  /** Whether `_SUCCESS` is there. */
  readonly hasManifest: boolean;
}

/** Compares every output with what was committed, and mends nothing. Joining the run does. */
export async function verifyRun(run: RunFolder): Promise<Verification> {
  const counts = { published: 0, failed: 0, open: 0 };
  const deviations: Deviation[] = [];
  const plan = await Plan.open(run);
  let results: Results | undefined;
  for await (const file of plan.files()) {
    if (results === undefined || file.index % folderFiles === 0)
      results = await Results.read(run, file.index);
    const inode = await inodeOf(pathsOf(run).done(file.index));
    if (inode === undefined) {
      counts[(await failureOf(run, file.index)) === undefined ? 'open' : 'failed'] += 1;
      continue;
    }
    counts.published += 1;
    const kind = await deviationOf(file, inode, results);
    if (kind !== undefined) deviations.push({ path: file.destination, kind });
  }
  return { ...counts, deviations, hasManifest: await isThere(pathsOf(run).success) };
}

async function deviationOf(
  { index, destination }: PlannedFile,
  committed: bigint,
  results: Results,
): Promise<Deviation['kind'] | undefined> {
  const inode = await inodeOf(destination);
  if (inode === undefined) return 'missing';
  if (inode !== committed) return 'replaced';
  const bytesWritten = results.of(index, committed)['bytesWritten'];
  if (bytesWritten === undefined) return undefined;
  return (await stat(destination)).size === bytesWritten ? undefined : 'changed';
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

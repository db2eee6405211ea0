import type { BigIntStats } from 'node:fs';
import { link, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { systemCode } from '../fleet-error.ts';
import { inodeOf } from './commit.ts';
import { isThere } from './folders.ts';
import { folderFiles, pathsOf, type RunFolder, uniqueToken } from './layout.ts';
import { Plan, type PlannedFile } from './plan-file.ts';
import { Results } from './results.ts';
import { failureOf } from './set-aside.ts';
import type { Standing } from './standing.ts';

/** An output that is not what was committed. */
export interface Deviation {
  readonly path: string;
  /** `missing`: it is not there. `replaced`: another file is. `changed`: it was written to since. */
  readonly kind: 'missing' | 'replaced' | 'changed';
}

export interface Verification extends Standing {
  readonly deviations: readonly Deviation[];
  /** Whether `_SUCCESS` is there. */
  readonly hasManifest: boolean;
}

/**
 * Compares every output with what was committed, by inode, length and time of the last change, and mends nothing.
 * Joining the run does.
 */
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
  const stats = await statsOf(destination);
  if (stats === undefined) return 'missing';
  if (stats.ino !== committed) return 'replaced';
  const written = results.of(index, committed)['bytesWritten'];
  if (typeof written === 'number' && stats.size !== BigInt(written)) return 'changed';
  const modified = results.modifiedNs(index, committed);
  return modified === undefined || stats.mtimeNs === modified ? undefined : 'changed';
}

async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Takes back that outputs were committed which somebody has written to since, so that they are made anew: the file
 * itself is not what it was, so there is nothing to put back. Until then they stay as they are.
 */
export async function withdrawChanged(run: RunFolder): Promise<void> {
  const changed = new Set<string>();
  for (const { path, kind } of (await verifyRun(run)).deviations) if (kind === 'changed') changed.add(path);
  if (changed.size === 0) return;
  const { done, finished, attempts } = pathsOf(run);
  await rm(finished, { force: true });
  for await (const { index, destination } of (await Plan.open(run)).files()) {
    if (!changed.has(destination)) continue;
    const inode = await inodeOf(destination);
    // Somebody who does the same may have made it anew: what is committed by now is looked at when it is taken away.
    const own = join(attempts, `withdrawn-${uniqueToken()}`);
    try {
      await rename(done(index), own);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      throw error;
    }
    if ((await inodeOf(own)) !== inode) await link(own, done(index)).catch(ifThere);
    await rm(own, { force: true });
  }
}

function ifThere(error: unknown): void {
  if (systemCode(error) !== 'EEXIST') throw error;
}

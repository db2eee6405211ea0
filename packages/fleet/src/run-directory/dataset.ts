import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { writeFile } from '@x/atomic-fs';

import { FleetError, systemCode } from '../fleet-error.ts';
import { inodeOf } from './commit.ts';
import { makeFolder, syncFolder } from './folders.ts';
import { pathsOf, type RunFolder, runsFolder } from './layout.ts';

/**
 * A folder of parts that is one thing to those who read it.
 *
 * - `new`: it is not there until all of its parts are, then the folder of the run's outputs is renamed to it.
 * - `version`: it is there. The parts lie in a folder of their own in it, and become its newest version with
 *   `_versions/N.json`, which is made only where no version has that number.
 */
export type Dataset =
  | { readonly kind: 'new'; readonly path: string }
  | { readonly kind: 'version'; readonly path: string; readonly parts: readonly string[] };

/** What `_versions/N.json` says; paths are relative to the dataset. */
export interface DatasetVersion {
  readonly version: number;
  /** Name of the run that made it. */
  readonly run: string;
  readonly parts: readonly string[];
}

const versionsFolder = '_versions';

/** Makes the parts of a run visible, all of them at once. Doing it again changes nothing. */
export async function publishDataset(run: RunFolder, dataset: Dataset): Promise<RunFolder> {
  if (dataset.kind === 'version') {
    await publishVersion(run, dataset);
    return run;
  }
  if (run.out === dataset.path) return run;
  try {
    await rename(run.out, dataset.path);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    if (code !== 'ENOENT') {
      throw new FleetError('DATASET_EXISTS', 'there is something at the path of the dataset by now', {
        path: dataset.path,
        hint: `Its parts are in ${run.out}`,
        cause: error,
      });
    }
    // Another worker has done it.
  }
  await syncFolder(dirname(dataset.path));
  return movedTo(run, dataset);
}

/** The folder of a run whose outputs have become a dataset. */
export const movedTo = (run: RunFolder, { path }: Pick<Dataset, 'path'>): RunFolder => ({
  ...run,
  out: path,
  path: join(path, runsFolder, basename(run.path)),
});

/** The newest version of a dataset; undefined where it has none. */
export async function readDataset(path: string): Promise<DatasetVersion | undefined> {
  const last = (await versionsIn(path)).at(-1);
  return last === undefined ? undefined : readVersion(path, last);
}

async function publishVersion(
  run: RunFolder,
  { path, parts }: Dataset & { readonly kind: 'version' },
): Promise<void> {
  const folder = join(path, versionsFolder);
  await makeFolder(folder);
  const name = basename(run.path);
  for (;;) {
    const versions = await versionsIn(path);
    // A worker that was stopped behind the link.
    for (const number of versions) if ((await readVersion(path, number)).run === name) return;
    const version = (versions.at(-1) ?? 0) + 1;
    // In the run's folder, which a revoked run does not have any more.
    const own = join(pathsOf(run).attempts, `version-${randomBytes(8).toString('hex')}`);
    const told: DatasetVersion = { version, run: name, parts };
    try {
      await writeFile(own, `${JSON.stringify(told, undefined, 2)}\n`);
      await link(own, join(folder, fileOf(version)));
      await syncFolder(folder);
      return;
    } catch (error) {
      // Somebody else has made that version: the next one. Or a worker that has ended the run as well has
      // removed what was being written, while the run is still there: again.
      const isRemoved = (await inodeOf(own)) === undefined && (await inodeOf(run.path)) !== undefined;
      if (systemCode(error) !== 'EEXIST' && !isRemoved) throw error;
    } finally {
      await rm(own, { force: true });
    }
  }
}

const fileOf = (version: number): string => `${String(version).padStart(8, '0')}.json`;

const readVersion = async (path: string, version: number): Promise<DatasetVersion> =>
  JSON.parse(await readFile(join(path, versionsFolder, fileOf(version)), 'utf8')) as DatasetVersion;

async function versionsIn(path: string): Promise<number[]> {
  try {
    const names = await readdir(join(path, versionsFolder));
    return names
      .flatMap((name) => (/^\d{8,}\.json$/.test(name) ? Number.parseInt(name, 10) : []))
      .toSorted((a, b) => a - b);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

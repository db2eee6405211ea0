import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { writeFile } from '@x/atomic-fs';

import { FleetError, systemCode } from '../fleet-error.ts';
import { inodeOf, revokedOr } from './commit.ts';
import { makeFolderIn, namesIn, syncFolder } from './folders.ts';
import { pathsOf, type RunFolder, runsFolder } from './layout.ts';

/**
 * A folder of parts that is one thing to those who read it: its newest version, `_versions/N.json`, which is made
 * only where no version has that number, names the files that are part of it.
 *
 * - `new`: it is not there, or empty. Its parts and its first version are put together in a folder beside it
 *   (`stagingOf`), which is renamed to it.
 * - `version`: it is there. The parts lie in a folder of their own in it, and become its newest version.
 */
export interface Dataset {
  readonly kind: 'new' | 'version';
  readonly path: string;
  /** Paths relative to the dataset. */
  readonly parts: readonly string[];
}

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
  const moved = movedTo(run, dataset);
  if (run.out === dataset.path) return run;
  try {
    await removeStrangers(run, dataset);
    await publishVersion(run, { ...dataset, path: run.out });
    // What is renamed would be what a newer run puts together.
    if ((await inodeOf(run.path)) === undefined) throw await revokedOr(undefined, run);
    await rename(run.out, dataset.path);
  } catch (error) {
    // Another worker has done it.
    if ((await inodeOf(moved.path)) !== undefined) return moved;
    const code = systemCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw await revokedOr(error, run);
    throw new FleetError('DATASET_EXISTS', 'there is something at the path of the dataset by now', {
      path: dataset.path,
      hint: `Its parts are in ${run.out}`,
      cause: error,
    });
  }
  await syncFolder(dirname(dataset.path));
  return moved;
}

/**
 * Whether a folder is a dataset, which gets a version, or one can be renamed to it.
 *
 * @throws {FleetError} `DATASET_EXISTS` for anything else that is there.
 */
export async function standingOf(path: string): Promise<'absent' | 'dataset'> {
  const exists = (what: string, cause?: unknown): FleetError =>
    new FleetError('DATASET_EXISTS', what, {
      path,
      hint: 'Name a folder that is not there yet, is empty, or is a dataset that was made so',
      cause,
    });
  const names = await readdir(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw systemCode(error) === 'ENOTDIR'
      ? exists('a dataset is a folder, and this is a file', error)
      : error;
  });
  if (names.length === 0) return 'absent';
  if ((await versionsIn(path)).length > 0) return 'dataset';
  throw exists('the folder has something in it and is no dataset');
}

/** What runs before this one, which came to no end, have left where the dataset is put together. */
async function removeStrangers(run: RunFolder, { parts }: Dataset): Promise<void> {
  const own = new Set([...parts, runsFolder, basename(pathsOf(run).success), versionsFolder]);
  for (const name of await namesIn(run.out)) {
    if (!own.has(name)) await rm(join(run.out, name), { recursive: true, force: true });
  }
  for (const version of await versionsIn(run.out)) {
    const { run: maker } = await readVersion(run.out, version);
    if (maker !== basename(run.path))
      await rm(join(run.out, versionsFolder, fileOf(version)), { force: true });
  }
}

/** The folder of a run whose outputs have become a dataset. */
export const movedTo = (run: RunFolder, { path }: Pick<Dataset, 'path'>): RunFolder => ({
  ...run,
  out: path,
  path: join(path, runsFolder, basename(run.path)),
});

/** A version, and the file that says so. */
export interface NewestVersion extends DatasetVersion {
  readonly file: string;
}

/** The newest version of a dataset; undefined where there is none. */
export async function readDataset(path: string): Promise<NewestVersion | undefined> {
  const last = (await versionsIn(path)).at(-1);
  if (last === undefined) return undefined;
  return { ...(await readVersion(path, last)), file: join(path, versionsFolder, fileOf(last)) };
}

/** Whether any version of a dataset has this part. */
export async function hasPart(path: string, part: string): Promise<boolean> {
  for (const version of await versionsIn(path)) {
    if ((await readVersion(path, version)).parts.includes(part)) return true;
  }
  return false;
}

async function publishVersion(
  run: RunFolder,
  { path, parts }: Pick<Dataset, 'path' | 'parts'>,
): Promise<void> {
  const folder = join(path, versionsFolder);
  // Not that which is above it, which another worker may have renamed by now.
  await makeFolderIn(folder);
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
  const names = await namesIn(join(path, versionsFolder));
  return names
    .flatMap((name) => (/^\d{8,}\.json$/.test(name) ? Number.parseInt(name, 10) : []))
    .toSorted((a, b) => a - b);
}

import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { writeFile } from '@x/atomic-fs';

import { FleetError, systemCode } from '../fleet-error.ts';
import { refuseLinkless } from '../storage-failure.ts';
import { type Dataset, hasPart } from './dataset.ts';
import { isThere, makeFolder, namesIn as namesInFolder, syncFolder } from './folders.ts';
import {
  claimPath,
  draftPath,
  pathsOf,
  readName,
  revokedPath,
  runFolder,
  type RunFolder,
  runsFolder,
  stagingOf,
} from './layout.ts';
import { type NewFile, writePlan } from './plan-file.ts';

/** What a run converts into what; plain data, for its workers may be on other machines. */
export interface RunDescription {
  readonly version: 1;
  /** Options of each conversion. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: number;
  /** What the outputs are together, if they are anything. */
  readonly dataset?: Dataset | undefined;
}

export interface NewRun {
  readonly dataset?: Dataset | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: Iterable<NewFile> | AsyncIterable<NewFile>;
  /** Takes the output folder from a run that has not ended. Default `false`. */
  readonly takeover?: boolean | undefined;
}

/**
 * Opens a run on an output folder, and revokes those before it: from here on nothing that their
 * workers do has an effect.
 *
 * 1. Whoever makes `claim-N`, which only one can, may open run N.
 * 2. Its folder is made whole under another name, then renamed. Where that fails, nothing is left of it.
 * 3. If somebody has a higher claim by now, it gives way.
 * 4. It renames the folders of all lower runs away. A lower one that comes later finds the higher claim.
 *
 * @throws {FleetError} `RUN_IN_PROGRESS` if the run before has not ended, or is being opened, and
 * `takeover` is not set; or if another one is faster.
 */
export async function openNewRun(
  out: string,
  { options, files, takeover, dataset }: NewRun,
): Promise<RunFolder> {
  const base = join(out, runsFolder);
  const before = await prepareFolder(out, takeover);
  const number = Math.max(0, ...before.map((one) => one.number)) + 1;
  await claim(out, number);

  const token = randomBytes(8).toString('hex');
  const run = runFolder(out, number, token);
  const draft = { ...run, path: draftPath(run) };
  try {
    for (const folder of pathsOf(draft).folders) await makeFolder(folder);
    const description: RunDescription = {
      version: 1,
      options,
      files: await writePlan(draft, files),
      dataset,
    };
    await writeFile(pathsOf(draft).run, `${JSON.stringify(description, undefined, 2)}\n`);
    await rename(draft.path, run.path);
  } catch (error) {
    await rm(draft.path, { recursive: true, force: true });
    // No run has had the number, so another one may; it would keep the folder from all that come later.
    await rm(claimPath(out, number), { force: true });
    throw error;
  }
  const now = await namesIn(out);
  if (now.some((one) => one.number > number)) {
    await revoke(run);
    throw inProgress(out, base);
  }
  for (const lower of now) if (lower.kind === 'run' && lower.number < number) await revoke({ ...lower, out });
  await syncFolder(base);
  return run;
}

/**
 * Makes the folder of the outputs, and sees whether a run can be opened on it: for those who have much to do before.
 *
 * @throws {FleetError} `RUN_IN_PROGRESS`, or `STORAGE_FAILED` where the file system has no hard links.
 */
export async function prepareFolder(out: string, takeover = false): Promise<Name[]> {
  const base = join(out, runsFolder);
  await makeFolder(base);
  const names = await namesIn(out);
  if (!takeover) await refuseUnfinished(out, names);
  await refuseLinkless(base, out);
  return names;
}

async function claim(out: string, number: number): Promise<void> {
  const path = claimPath(out, number);
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? inProgress(out, path) : error;
  }
}

/**
 * Ends a run before its time: what is published stays, and its workers publish nothing more.
 *
 * @throws {FleetError} `BAD_RUN` if it has ended.
 */
export async function cancelRun(run: RunFolder): Promise<void> {
  if (await isFinished(run)) throw new FleetError('BAD_RUN', 'the run has ended already', { path: run.path });
  await revoke(run);
  await syncFolder(dirname(run.path));
}

/** Takes a run its folder. Its workers find nothing there that they could publish. */
async function revoke(run: RunFolder): Promise<void> {
  try {
    await rename(run.path, revokedPath(run));
  } catch (error) {
    // Somebody who opens a run at the same time has revoked it.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** The newest run of an output folder that is not revoked. @throws {FleetError} `BAD_RUN` if there is none. */
export async function openLatestRun(out: string): Promise<RunFolder> {
  const names = await namesIn(out);
  const runs = names.filter(({ kind }) => kind === 'run');
  const latest = runs.toSorted((a, b) => b.number - a.number)[0];
  if (latest !== undefined) return { path: latest.path, number: latest.number, out };
  if (names.some(({ kind }) => kind === 'revoked')) {
    throw new FleetError('BAD_RUN', 'the run of this output folder was cancelled', {
      path: out,
      hint: 'What it published is there; begin a new one',
    });
  }
  throw new FleetError('BAD_RUN', 'no run has this output folder', {
    path: out,
    hint: 'Name the folder that the outputs of the run go to',
  });
}

/** The folder of the outputs that somebody means, who may name a dataset that is not there yet. */
async function outputsOf(path: string): Promise<string> {
  const staging = stagingOf(path);
  return (await isThere(join(path, runsFolder))) || !(await isThere(join(staging, runsFolder)))
    ? path
    : staging;
}

/**
 * The run that somebody means: by its own folder, or by that of its outputs, whose newest run it is.
 *
 * @throws {FleetError} `BAD_RUN` if there is none.
 */
export async function findRun(name: string): Promise<RunFolder> {
  const path = await outputsOf(name);
  const base = dirname(path);
  const out = dirname(base);
  const named = basename(base) === runsFolder ? readName(out, basename(path)) : undefined;
  if (named === undefined) return openLatestRun(path);
  const run = { path, number: named.number, out };
  if (named.kind === 'run' && (await namesIn(out)).some((one) => one.path === path)) return run;
  throw new FleetError('BAD_RUN', 'there is no such run, or it was revoked', { path });
}

export async function describe(run: RunFolder): Promise<RunDescription> {
  const { run: path } = pathsOf(run);
  try {
    const description = JSON.parse(await readFile(path, 'utf8')) as RunDescription;
    if (description.version === 1) return description;
  } catch (cause) {
    throw new FleetError('BAD_RUN', 'the run cannot be read', { path, cause });
  }
  throw new FleetError('BAD_RUN', 'the run is of another version of this package', { path });
}

/**
 * Removes what is left of revoked runs, and of those that were never opened. The newest claim stays, so
 * that no number is given twice, and the run that its maker may still be opening.
 */
export async function collectGarbage(of: string): Promise<string[]> {
  const out = await outputsOf(of);
  const names = await namesIn(out);
  const newest = Math.max(...names.map(({ number }) => number));
  const live = new Set(names.filter(({ kind }) => kind === 'run').map(({ number }) => number));
  const revoked = new Set(names.filter(({ kind }) => kind === 'revoked').map(({ number }) => number));
  if (out === stagingOf(of) && names.every(({ number }) => revoked.has(number) && !live.has(number))) {
    // Nobody puts the dataset together any more.
    await rm(out, { recursive: true });
    return [out];
  }
  const removed: string[] = [];
  for (const { kind, number, path } of names) {
    if (kind === 'run' || (kind === 'claim' && live.has(number))) continue;
    const run = { path, number, out };
    if (kind === 'revoked') removed.push(...(await removeUnpublished(run)));
    if (number !== newest) {
      if (kind !== 'claim') await empty(run);
      await rm(path, { recursive: true, force: true });
    } else if (kind !== 'revoked' || !(await empty(run))) continue;
    removed.push(path);
  }
  return removed;
}

/**
 * Whether there was something in the folder of a run, which is kept itself: it tells that its claim has been used.
 * A folder of marks goes at a time: whoever removes a tree as one thing holds all of its names.
 */
async function empty(run: RunFolder): Promise<boolean> {
  const names = await namesInFolder(run.path);
  for (const folder of [...pathsOf(run).folders, run.path]) {
    for (const name of await namesInFolder(folder)) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
  return names.length > 0;
}

/** The parts that a revoked run has made in a dataset of which no version has them. */
async function removeUnpublished(run: RunFolder): Promise<string[]> {
  if (!(await isThere(pathsOf(run).run))) return [];
  const { dataset } = await describe(run);
  const [part] = dataset?.kind === 'version' ? dataset.parts : [];
  if (part === undefined || (await hasPart(run.out, part))) return [];
  const folder = join(run.out, dirname(part));
  const isLeft = await isThere(folder);
  await rm(folder, { recursive: true, force: true });
  return isLeft ? [folder] : [];
}

type Name = NonNullable<ReturnType<typeof readName>>;

async function namesIn(out: string): Promise<Name[]> {
  const names = await namesInFolder(join(out, runsFolder));
  return names.flatMap((name) => readName(out, name) ?? []);
}

async function refuseUnfinished(out: string, names: readonly Name[]): Promise<void> {
  for (const { kind, number, path } of names) {
    if (kind === 'run' && !(await isFinished({ path, number, out }))) throw inProgress(out, path);
    const isOpened = names.some((one) => one.kind !== 'claim' && one.number === number);
    if (kind === 'claim' && !isOpened) throw inProgress(out, path);
  }
}

/** Whether every file of a run is published or set aside, and the manifest says so. */
export const isFinished = (run: RunFolder): Promise<boolean> => isThere(pathsOf(run).finished);

const inProgress = (out: string, path: string): FleetError =>
  new FleetError('RUN_IN_PROGRESS', `a run that has not ended has this output folder: ${path}`, {
    path: out,
    hint: 'Resume it, or take the folder over (takeover)',
  });

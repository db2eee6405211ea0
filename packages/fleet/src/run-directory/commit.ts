/**
 * How a file gets its one published result, whoever works on it, however often.
 *
 *     planned ──► written ──► committed ──► placed
 *
 * - planned: a line of the plan.
 * - written: an attempt lies whole and synced under a name of its own. There may be several.
 * - committed: `done/KEY` is a hard link to one of them. `link` makes it once and fails for everybody
 *   else, so the storage decides who has won, not a clock and not an engine that may be mistaken.
 * - placed: the output is that same inode. The winner renames it into place, or anyone later does.
 *
 * A run that is revoked has its folder renamed away before the next one begins. What a worker of it
 * still tries to link or rename is not there any more, so it cannot overwrite what is newer.
 */
import { type FileHandle, link, open, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { replace } from '@x/atomic-fs';

import { FleetError, systemCode } from '../fleet-error.ts';
import { inFolder, syncFolder } from './folders.ts';
import { keyOf, pathsOf, type RunFolder, uniqueToken } from './layout.ts';

/** Where a worker can be stopped; the tests do. */
export type Step = 'begun' | 'written' | 'checked' | 'committed' | 'placing' | 'placed';

export interface Attempt {
  /** Writes the whole result into the empty file at a path, in place, and makes it durable. */
  readonly write: (path: string, file: FileHandle) => Promise<void>;
  /** Raises if the result must not be committed: the input has changed, or the lease is lost. */
  readonly check: () => Promise<void>;
  readonly onStep?: (step: Step) => void | Promise<void>;
  /** Makes the names in a folder durable. Default: opens it each time. */
  readonly syncFolder?: (path: string) => Promise<void>;
}

/** `won`: this attempt is the result. `lost`: another one is, and it is in place. */
export type Outcome = 'won' | 'lost';

interface Target {
  readonly index: number;
  readonly destination: string;
}

/**
 * Makes a file's result and publishes it, or publishes another one that was committed before.
 *
 * @throws {FleetError} `OUTPUT_TAKEN`, `REVOKED`, and what `work` raises.
 */
export async function attempt(run: RunFolder, target: Target, work: Attempt): Promise<Outcome> {
  const { doneFolder, attemptFolder } = pathsOf(run);
  const { onStep: step = () => undefined, syncFolder: sync = syncFolder } = work;
  const own = nameAttempt(run, target);
  let isPlaced = false;
  try {
    if (await isFolder(target.destination)) throw outputTaken(target.destination);
    // There from the beginning, so that an attempt which ends its worker is seen to have been one.
    const file = await inFolder(attemptFolder(target.index), () => open(own, 'wx'));
    try {
      await step('begun');
      await work.write(own, file);
    } finally {
      await file.close();
    }
    await step('written');
    await work.check();
    await step('checked');
    const outcome = await commit(run, target.index, own);
    if (outcome === 'lost') {
      await place(run, target, step);
    } else {
      await sync(doneFolder(target.index));
      await step('committed');
      await step('placing');
      await move(own, target.destination, sync);
      isPlaced = true;
    }
    await step('placed');
    return outcome;
  } catch (error) {
    throw await revokedOr(error, run);
  } finally {
    if (!isPlaced) await removeIfThere(own);
  }
}

/** Characters of an output's name that its attempts keep: the end, which says format and compression. */
const keptCharacters = 50;

function nameAttempt(run: RunFolder, { index, destination }: Target): string {
  // Not half of a character.
  const name = basename(destination)
    .slice(-keptCharacters)
    .replace(/^[\udc00-\udfff]/, '');
  return join(pathsOf(run).attemptFolder(index), `${keyOf(index)}.${uniqueToken()}.${name}`);
}

/** The one moment that decides. */
async function commit(run: RunFolder, index: number, own: string): Promise<Outcome> {
  const { done, doneFolder } = pathsOf(run);
  try {
    await inFolder(doneFolder(index), () => link(own, done(index)));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    // A network file system that sends the request twice may refuse the second for the success of the first.
    if ((await inodeOf(own)) !== (await inodeOf(done(index)))) return 'lost';
  }
  return 'won';
}

/**
 * Makes the output the committed inode, whoever made it. Any number may do it at once: all of them rename
 * the same file.
 *
 * @param committed The inode of `done/KEY`, where it is known.
 * @throws {FleetError} `OUTPUT_TAKEN`: it stays committed, and can be placed later.
 */
export async function place(
  run: RunFolder,
  { index, destination }: Target,
  step: NonNullable<Attempt['onStep']> = () => undefined,
  committed?: bigint,
): Promise<void> {
  const { done, attemptFolder } = pathsOf(run);
  const wanted = committed ?? (await inodeOf(done(index)));
  if (wanted === undefined) throw new FleetError('REVOKED', 'nothing is committed', { path: done(index) });
  if ((await inodeOf(destination)) === wanted) return;
  const name = nameAttempt(run, { index, destination });
  await inFolder(attemptFolder(index), () => link(done(index), name));
  try {
    await step('placing');
    await move(name, destination, syncFolder);
  } catch (error) {
    await removeIfThere(name);
    throw error;
  }
}

/** Renames a name of the committed inode over the output, or gives it up where the output is that inode. */
async function move(name: string, destination: string, sync: typeof syncFolder): Promise<void> {
  // Its content was durable before it was committed, and what becomes of the old name does not matter.
  await replace(name, destination, { durability: 'none' }).catch(async (cause: unknown) => {
    throw (await isFolder(destination)) ? outputTaken(destination, cause) : cause;
  });
  await sync(dirname(destination));
}

const outputTaken = (path: string, cause?: unknown): FleetError =>
  new FleetError('OUTPUT_TAKEN', 'there is a folder at the path of an output', {
    path,
    hint: 'Move it away, then resume the run',
    cause,
  });

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

export async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await stat(path, { bigint: true })).ino;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** What fails because the folder of the run is gone fails for that reason. */
export async function revokedOr(error: unknown, run: RunFolder): Promise<unknown> {
  if ((await inodeOf(run.path)) !== undefined) return error;
  return new FleetError('REVOKED', 'a newer run has taken the output folder over', {
    path: run.out,
    hint: 'Nothing of this run is published any more: end its workers',
    cause: error,
  });
}

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
import { randomBytes } from 'node:crypto';
import { link, open, readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { replace } from '@x/atomic-fs';

import { FleetError, systemCode } from '../fleet-error.ts';
import { inFolder, syncFolder } from './folders.ts';
import { keyOf, pathsOf, type RunFolder } from './layout.ts';

/** Where a worker can be stopped; the tests do. */
export type Step = 'begun' | 'written' | 'checked' | 'committed' | 'placing' | 'placed';

export interface Attempt {
  /** Writes the whole result to a path, and makes it durable. */
  readonly write: (path: string) => Promise<void>;
  /** Raises if the result must not be committed: the input has changed, or the lease is lost. */
  readonly check: () => Promise<void>;
  readonly onStep?: (step: Step) => void | Promise<void>;
}

/** `won`: this attempt is the result. `lost`: another one is, and it is in place. */
export type Outcome = 'won' | 'lost';

interface Target {
  readonly index: number;
  readonly destination: string;
}

/** Makes a file's result and publishes it, or publishes the one that is committed already. */
export async function attempt(run: RunFolder, target: Target, work: Attempt): Promise<Outcome> {
  const { done, attemptFolder } = pathsOf(run);
  const step = work.onStep ?? (() => undefined);
  if ((await inodeOf(done(target.index))) !== undefined) {
    await place(run, target);
    return 'lost';
  }
  const own = nameAttempt(run, target);
  let isPlaced = false;
  try {
    // There from the beginning, so that an attempt which ends its worker is seen to have been one.
    const file = await inFolder(attemptFolder(target.index), () => open(own, 'wx'));
    await file.close();
    await step('begun');
    await work.write(own);
    await step('written');
    await work.check();
    await step('checked');
    const outcome = await commit(run, target.index, own);
    if (outcome === 'won') await step('committed');
    await place(run, target, outcome === 'won' ? own : undefined, step);
    isPlaced = outcome === 'won';
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
  return join(pathsOf(run).attemptFolder(index), `${keyOf(index)}.${randomBytes(8).toString('hex')}.${name}`);
}

/**
 * For each file of a range, by its key: attempts that lie there. Their workers are at them now, are
 * stopped, or have been killed.
 */
export async function attemptsIn(run: RunFolder, firstIndex: number): Promise<ReadonlyMap<string, number>> {
  let names: string[];
  try {
    names = await readdir(pathsOf(run).attemptFolder(firstIndex));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return new Map();
  }
  const counts = new Map<string, number>();
  // An attempt may have a temp of its own, which has its name and more.
  for (const begun of new Set(names.map((name) => name.split('.').slice(0, 2).join('.')))) {
    const key = begun.slice(0, begun.indexOf('.'));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
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
  await syncFolder(doneFolder(index));
  return 'won';
}

/**
 * Makes the output the committed inode. Any number may do it at once: all of them rename the same file.
 *
 * @param own A name of the committed inode that is given up, if there is one.
 */
export async function place(
  run: RunFolder,
  { index, destination }: Target,
  own?: string,
  step: NonNullable<Attempt['onStep']> = () => undefined,
): Promise<void> {
  const { done, attemptFolder } = pathsOf(run);
  const committed = await inodeOf(done(index));
  if (committed === undefined) throw new FleetError('REVOKED', 'nothing is committed', { path: done(index) });
  if ((await inodeOf(destination)) === committed) {
    if (own !== undefined) await removeIfThere(own);
    return;
  }
  const name = own ?? nameAttempt(run, { index, destination });
  if (own === undefined) await inFolder(attemptFolder(index), () => link(done(index), name));
  try {
    await step('placing');
    // Its content was durable before it was committed, and what becomes of the old name does not matter.
    await replace(name, destination, { durability: 'none' });
    await syncFolder(dirname(destination));
  } finally {
    // Between two names of one inode a rename does nothing, and somebody may have been faster.
    await removeIfThere(name);
  }
}

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

import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { replace, writeFile } from '@x/atomic-fs';

import { FleetError } from '../fleet-error.ts';
import { inodeOf, place } from './commit.ts';
import { pathsOf, type RunFolder } from './layout.ts';
import { isFinished } from './open-run.ts';
import { Plan, type PlannedFile } from './plan-file.ts';
import { type Failure, failureOf, readIfThere } from './set-aside.ts';
import { statusOf } from './standing.ts';

/** What became of a file, as the storage tells. */
export type Fate =
  | { readonly kind: 'published'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'open' };

/** How a run stands; `open` files are neither published nor set aside. */
export interface Standing {
  readonly published: number;
  readonly failed: number;
  readonly open: number;
}

/**
 * Looks at the marks of a file and at its output, and puts right what a worker left half done.
 * Neither the engine nor its memory is asked.
 */
export async function reconcile(run: RunFolder, file: PlannedFile): Promise<Fate> {
  const { done, result } = pathsOf(run);
  const inode = await inodeOf(done(file.index));
  if (inode === undefined) {
    const failure = await failureOf(run, file.index);
    return failure === undefined ? { kind: 'open' } : { kind: 'failed', failure };
  }
  await place(run, file);
  const text = await readIfThere(result(file.index, inode));
  return {
    kind: 'published',
    result: text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** The ranges of which a file is neither published nor set aside. */
export async function openRanges(run: RunFolder, plan: Plan): Promise<number[]> {
  const { done, doneFolder, failedFolder } = pathsOf(run);
  const open: number[] = [];
  for (let range = 0; range < plan.ranges; range += 1) {
    if (await isOpen(range)) open.push(range);
  }
  return open;

  async function isOpen(range: number): Promise<boolean> {
    // Nobody has come to an end with any of it.
    const first = range * plan.filesARange;
    const folders = [doneFolder(first), failedFolder(first)];
    if ((await Promise.all(folders.map(inodeOf))).every((inode) => inode === undefined)) return true;
    for (const { index } of await plan.range(range)) {
      if ((await inodeOf(done(index))) === undefined && !(await failureOf(run, index))) return true;
    }
    return false;
  }
}

/**
 * Publishes the manifest of a run, `<out>/_SUCCESS`, when every file is published or set aside: a line
 * of sums, then a line for each file, in the order of the plan. It is the last thing a run does.
 *
 * @throws {FleetError} `INCOMPLETE` if a file is neither.
 */
export async function finish(run: RunFolder): Promise<Standing> {
  const { finished, attempts } = pathsOf(run);
  // By the names of the marks: most workers end while others are at work, and the lines of the manifest look
  // at every file.
  const { published, failed, open } = await statusOf(run);
  const standing = { published, failed, open };
  if (standing.open > 0) {
    throw new FleetError('INCOMPLETE', `${standing.open} files are neither published nor set aside`, {
      path: run.path,
      hint: 'Resume the run: what is published stays',
    });
  }
  try {
    await publishManifest(run, standing);
    await writeFile(finished, '');
  } catch (error) {
    // Another worker has ended the run meanwhile, and has removed what was being written here.
    if (!(await isFinished(run))) throw error;
  }
  // What killed workers have left. The folder stays, for an output that is lost is put back through it.
  for (const part of await readdir(attempts))
    await rm(join(attempts, part), { recursive: true, force: true });
  return standing;
}

/**
 * Written in the run's folder and renamed from there, as outputs are: who has been revoked meanwhile does
 * not find it any more, and cannot put it over the manifest of a newer run.
 */
export async function publishManifest(run: RunFolder, standing: Standing): Promise<void> {
  const { success, attempts } = pathsOf(run);
  const own = join(attempts, `manifest-${randomBytes(8).toString('hex')}`);
  await writeFile(own, manifestLines(run, standing));
  await replace(own, success);
}

async function* manifestLines(run: RunFolder, { published, failed }: Standing): AsyncGenerator<string, void> {
  yield `${JSON.stringify({ version: 1, run: run.number, succeeded: published, failed })}\n`;
  const plan = await Plan.open(run);
  const nameOf = (path: string): string => relative(run.out, path).split(sep).join('/');
  for await (const file of plan.files()) {
    const fate = await reconcile(run, file);
    const names = { source: nameOf(file.source), destination: nameOf(file.destination) };
    if (fate.kind === 'published')
      yield `${JSON.stringify({ ...names, status: 'succeeded', ...fate.result })}\n`;
    else if (fate.kind === 'failed') {
      yield `${JSON.stringify({ ...names, status: 'failed', error: fate.failure })}\n`;
    } else
      throw new FleetError('INCOMPLETE', 'a file that was published is no more', { path: file.destination });
  }
}

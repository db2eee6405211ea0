import { readFile, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { replace, writeFile } from '@x/atomic-fs';

import { FleetError, systemCode } from '../fleet-error.ts';
import { inodeOf, place, revokedOr } from './commit.ts';
import { type Dataset, publishDataset } from './dataset.ts';
import { namesIn } from './folders.ts';
import { folderFiles, pathsOf, type RunFolder, uniqueToken } from './layout.ts';
import { isFinished } from './open-run.ts';
import { Plan, type PlannedFile } from './plan-file.ts';
import { Results } from './results.ts';
import { type Failure, failureOf } from './set-aside.ts';
import { type Standing, statusOf } from './standing.ts';

/** What became of a file, as the storage tells. */
export type Fate =
  /** `inode`: of its output. */
  | { readonly kind: 'published'; readonly inode: bigint }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'open' };

/**
 * Looks at the marks of a file and at its output, and puts right what a worker left half done.
 * Neither the engine nor its memory is asked.
 */
export async function reconcile(run: RunFolder, file: PlannedFile): Promise<Fate> {
  const inode = await inodeOf(pathsOf(run).done(file.index));
  if (inode === undefined) {
    const failure = await failureOf(run, file.index);
    return failure === undefined ? { kind: 'open' } : { kind: 'failed', failure };
  }
  await place(run, file, undefined, inode);
  return { kind: 'published', inode };
}

/**
 * Ends a run of which every file is published or set aside: publishes its manifest, `<out>/_SUCCESS`, then what
 * its outputs are together, if that lacks none. Whoever is stopped in the middle of it leaves it to others, and
 * any number may do it at once.
 *
 * @throws {FleetError} `INCOMPLETE` if a file is neither, `OUTPUT_TAKEN`.
 */
export async function finish(run: RunFolder, dataset?: Dataset): Promise<Standing> {
  // By the names of the marks: the lines of the manifest look at every file.
  const { published, failed, open } = await statusOf(run);
  const standing = { published, failed, open };
  if (open > 0) {
    throw new FleetError('INCOMPLETE', `${open} files are neither published nor set aside`, {
      path: run.path,
      hint: 'Resume the run: what is published stays',
    });
  }
  try {
    await publishManifest(run, standing);
    // One that lacks a part is not to be seen.
    await end(dataset && failed === 0 ? await publishDataset(run, dataset) : run, standing);
  } catch (error) {
    // Another worker has ended the run meanwhile, and has removed what was being written here.
    if (!removedMeanwhile.has(systemCode(error)) || !(await isFinished(run))) throw error;
  }
  return standing;
}

/** What is said of a file that is not there any more. */
const removedMeanwhile = new Set<string | undefined>(['ENOENT', 'TEMP_CHANGED']);

/** The last thing that is done to a run: who finds it done has nothing to do any more. */
async function end(run: RunFolder, standing: Standing): Promise<void> {
  const { finished, attempts } = pathsOf(run);
  await writeFile(finished, `${JSON.stringify(standing)}\n`);
  // What killed workers have left. The folder stays, for an output that is lost is put back through it.
  for (const part of await namesIn(attempts))
    await rm(join(attempts, part), { recursive: true, force: true });
}

/**
 * How a run that has ended stands; undefined for one that has not.
 *
 * @throws {FleetError} `REVOKED` for one that is gone.
 */
export async function finishedStanding(run: RunFolder): Promise<Standing | undefined> {
  try {
    return JSON.parse(await readFile(pathsOf(run).finished, 'utf8')) as Standing;
  } catch (error) {
    const known = await revokedOr(error, run);
    if (known === error && systemCode(error) === 'ENOENT') return undefined;
    throw known;
  }
}

/**
 * A line of sums, then a line for each file, in the order of the plan. It is written in the run's folder and
 * renamed from there, as outputs are: who has been revoked meanwhile does not find it any more, and cannot
 * put it over the manifest of a newer run.
 */
export async function publishManifest(run: RunFolder, standing: Standing): Promise<void> {
  const { success, attempts } = pathsOf(run);
  const own = join(attempts, `manifest-${uniqueToken()}`);
  await writeFile(own, manifestLines(run, standing));
  await replace(own, success);
}

async function* manifestLines(run: RunFolder, { published, failed }: Standing): AsyncGenerator<string, void> {
  yield `${JSON.stringify({ version: 1, run: run.number, succeeded: published, failed })}\n`;
  const plan = await Plan.open(run);
  const nameOf = (path: string): string => relative(run.out, path).split(sep).join('/');
  let results: Results | undefined;
  for await (const file of plan.files()) {
    if (results === undefined || file.index % folderFiles === 0)
      results = await Results.read(run, file.index);
    const fate = await reconcile(run, file);
    const names = { source: nameOf(file.source), destination: nameOf(file.destination) };
    if (fate.kind === 'published') {
      const told = results.of(file.index, fate.inode);
      yield `${JSON.stringify({ ...names, status: 'succeeded', ...told })}\n`;
    } else if (fate.kind === 'failed') {
      yield `${JSON.stringify({ ...names, status: 'failed', error: fate.failure })}\n`;
    } else
      throw new FleetError('INCOMPLETE', 'a file that was published is no more', { path: file.destination });
  }
}

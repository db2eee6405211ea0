import path from 'node:path';

import { type AtomicFile, workOf } from './atomic-file.ts';
import { AtomicWriteError } from './errors.ts';
import { clearUp, moveIntoPlace, syncParent } from './rename/publish.ts';
import type { FileWork } from './write/file-work.ts';
import { closeDirectory } from './write/seal.ts';

/**
 * Publishes several files: first all of them are synced, then each is put in place, in order.
 *
 * This is not a transaction. A failure while syncing publishes none; a failure later leaves those
 * before it published, which `published` of the error names. The files not published are discarded.
 *
 * @throws {AtomicWriteError} Its `path` is the file that failed and its `cause` what it raised.
 */
export async function commitAll(files: readonly AtomicFile[]): Promise<void> {
  const works = files.map(workOf);
  const published: string[] = [];
  try {
    await sealAll(works);
    for (const work of works) {
      // oxlint-disable-next-line no-await-in-loop -- in order, so that a failure leaves the later ones out
      await work.commit(moveIntoPlace);
      published.push(work.pending.target.path);
    }
    await syncParents(works);
    await Promise.all(works.map((work) => work.run(clearUp(work.pending))));
  } catch (error) {
    const failure = partOf(error, published, works.length);
    await settle(works.filter((work) => work.isCommitted));
    await Promise.all(works.map((work) => work.fail(failure)));
    throw failure;
  }
}

async function sealAll(works: readonly FileWork[]): Promise<void> {
  // Every one has to come to its end before the first failure is raised and the rest is discarded.
  const results = await Promise.allSettled(works.map((work) => work.seal()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Does for those that are published what is left to do. A failure of theirs adds nothing to the one that is raised. */
async function settle(works: readonly FileWork[]): Promise<void> {
  await Promise.allSettled(
    works.flatMap((work) => [work.run(syncParent(work.pending)), work.run(clearUp(work.pending))]),
  );
}

/** Once for each directory, however many files it got. */
async function syncParents(works: readonly FileWork[]): Promise<void> {
  const directories = new Set<string>();
  const steps = works.map(({ pending }) => {
    const directory = path.dirname(pending.target.path);
    const isFirst =
      pending.kind === 'temp' && pending.directoryFd !== undefined && !directories.has(directory);
    if (isFirst) directories.add(directory);
    return isFirst || pending.kind !== 'temp' ? syncParent(pending) : closeDirectory(pending);
  });
  await Promise.all(works.map((work, index) => work.run(steps[index] ?? syncParent(work.pending))));
}

function partOf(error: unknown, published: readonly string[], count: number): unknown {
  if (!(error instanceof AtomicWriteError)) return error;
  const done = published.length === 0 ? 'none' : published.join(', ');
  const { code, syscall, path: failed, tempPath, committed } = error;
  const problem = `${failed} failed; of ${count} files, published are: ${done}`;
  return new AtomicWriteError(problem, {
    code,
    syscall,
    path: failed,
    tempPath,
    committed,
    published,
    cause: error,
  });
}

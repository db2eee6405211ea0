import { folderFiles, keyOf, pathsOf, type RunFolder } from './layout.ts';
import { namesIn } from './folders.ts';
import type { Plan } from './plan-file.ts';

/** What the names of marks say of the files that share a folder, by their keys. Nothing but names is read. */
export interface Marks {
  readonly committed: ReadonlySet<string>;
  /** Set aside, whether or not they were committed afterwards. */
  readonly failed: ReadonlySet<string>;
}

/** @param index Of any of the files. */
export async function marksOf(run: RunFolder, index: number): Promise<Marks> {
  const { doneFolder, failedFolder } = pathsOf(run);
  const [committed, failed] = await Promise.all([namesIn(doneFolder(index)), namesIn(failedFolder(index))]);
  // Temps of marks that are being written are none.
  return { committed: new Set(committed), failed: new Set(failed.filter((name) => /^\d+$/.test(name))) };
}

/**
 * For each file, by its key: attempts that lie there. Their workers are at them now, are stopped, or have
 * been killed.
 *
 * @param index Of any of the files that share a folder.
 */
export async function attemptsOf(run: RunFolder, index: number): Promise<ReadonlyMap<string, number>> {
  const names = await namesIn(pathsOf(run).attemptFolder(index));
  const counts = new Map<string, number>();
  // An attempt may have a temp of its own, which has its name and more.
  for (const begun of new Set(names.map((name) => name.split('.').slice(0, 2).join('.')))) {
    const key = begun.slice(0, begun.indexOf('.'));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/**
 * The ranges of which a file is neither published nor set aside. Of the others nothing is looked at.
 *
 * @param isWanted Whether a range is to be looked at.
 */
export async function openRanges(
  run: RunFolder,
  plan: Plan,
  isWanted: (range: number) => boolean = () => true,
): Promise<number[]> {
  const open: number[] = [];
  let folder = -1;
  let marks: Marks | undefined;
  for (let range = 0; range < plan.ranges; range += 1) {
    if (!isWanted(range)) continue;
    const [first, end] = plan.indexesOf(range);
    const itsFolder = Math.floor(first / folderFiles);
    if (marks === undefined || itsFolder !== folder) marks = await marksOf(run, first);
    folder = itsFolder;
    for (let index = first; index < end; index += 1) {
      const key = keyOf(index);
      if (marks.committed.has(key) || marks.failed.has(key)) continue;
      open.push(range);
      break;
    }
  }
  return open;
}

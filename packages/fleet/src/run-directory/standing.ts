import { join } from 'node:path';

import { namesIn } from './folders.ts';
import { folderFiles, type RunFolder } from './layout.ts';
import { marksOf } from './marks.ts';
import { describe, isFinished } from './open-run.ts';

/** How a run stands; `open` files are neither published nor set aside. */
export interface Standing {
  readonly published: number;
  readonly failed: number;
  readonly open: number;
}

export interface RunStatus extends Standing {
  readonly files: number;
  /** Whether its manifest is published. */
  readonly isFinished: boolean;
  /** Folder of the dataset that the outputs are the parts of, if they are. */
  readonly dataset: string | undefined;
}

/**
 * Counts the marks of a run by their names alone, as often as it is asked to: nothing is mended, no output is
 * looked at. What takes the time is listing a folder for every hundred files, and those of which nothing is open
 * are listed once.
 */
export class StandingWatch {
  readonly #run: RunFolder;
  readonly #files: number;
  /** Folders of which nothing is open, and the sums of them. */
  readonly #settled = new Set<string>();
  readonly #sums = { published: 0, failed: 0 };

  constructor(run: RunFolder, files: number) {
    this.#run = run;
    this.#files = files;
  }

  async look(): Promise<Standing> {
    const { path } = this.#run;
    const names = await Promise.all([namesIn(join(path, 'done')), namesIn(join(path, 'failed'))]);
    let { published, failed } = this.#sums;
    for (const part of new Set(names.flat())) {
      if (this.#settled.has(part)) continue;
      const first = Number(part) * folderFiles;
      const marks = await marksOf(this.#run, first);
      const setAside = [...marks.failed].filter((key) => !marks.committed.has(key)).length;
      published += marks.committed.size;
      failed += setAside;
      if (marks.committed.size + setAside < Math.min(folderFiles, this.#files - first)) continue;
      this.#settled.add(part);
      this.#sums.published += marks.committed.size;
      this.#sums.failed += setAside;
    }
    return { published, failed, open: this.#files - published - failed };
  }
}

/**
 * How a run stands by the names of its marks.
 *
 * @throws {FleetError} `BAD_RUN` if it cannot be read.
 */
export async function statusOf(run: RunFolder): Promise<RunStatus> {
  const { files, dataset } = await describe(run);
  const standing = await new StandingWatch(run, files).look();
  return { files, ...standing, isFinished: await isFinished(run), dataset: dataset?.path };
}

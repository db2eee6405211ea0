import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { inFolder, namesIn } from './folders.ts';
import { keyOf, pathsOf, type RunFolder, uniqueToken } from './layout.ts';

/** What an attempt says of itself, for the manifest. */
export type Told = Readonly<Record<string, unknown>>;

type Line = readonly [index: number, inode: string, told: Told];

/**
 * What the attempts of one worker at one range say of themselves: a file of lines, so that a range costs
 * one name and not one for each of its files. Nobody else writes there.
 */
export class ResultLog {
  readonly #run: RunFolder;
  readonly #firstIndex: number;
  #handle: FileHandle | undefined;

  constructor(run: RunFolder, firstIndex: number) {
    this.#run = run;
    this.#firstIndex = firstIndex;
  }

  /** @param inode Of the attempt, so that whichever wins has its own. */
  async add(index: number, inode: bigint, told: Told): Promise<void> {
    const line: Line = [index, String(inode), told];
    this.#handle ??= await this.#open();
    await this.#handle.appendFile(`${JSON.stringify(line)}\n`);
  }

  /**
   * Makes the lines durable, which they are not before: a power cut may take them, and then the manifest
   * says of these files that they were converted and no more.
   */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle === undefined) return;
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  #open(): Promise<FileHandle> {
    const folder = pathsOf(this.#run).resultFolder(this.#firstIndex);
    return inFolder(folder, () => open(join(folder, `${keyOf(this.#firstIndex)}.${uniqueToken()}`), 'wx'));
  }
}

/** What was said of the files that share a folder with this one; of all their attempts. */
export class Results {
  readonly #told: ReadonlyMap<string, Told>;

  private constructor(told: ReadonlyMap<string, Told>) {
    this.#told = told;
  }

  static async read(run: RunFolder, index: number): Promise<Results> {
    const folder = pathsOf(run).resultFolder(index);
    const told = new Map<string, Told>();
    for (const name of await namesIn(folder)) {
      const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
      // Behind the last line break is nothing, or what a worker was killed in the middle of.
      for (const line of lines.slice(0, -1)) {
        const [file, inode, said] = JSON.parse(line) as Line;
        told.set(`${file}.${inode}`, said);
      }
    }
    return new Results(told);
  }

  of(index: number, inode: bigint): Told {
    return this.#told.get(`${index}.${inode}`) ?? {};
  }
}

import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { inFolder, namesIn } from './folders.ts';
import { keyOf, pathsOf, type RunFolder, uniqueToken } from './layout.ts';

/** An attempt that is written: its inode, and when it was written last. */
export type Made = Pick<BigIntStats, 'ino' | 'mtimeNs'>;

/** What an attempt says of itself, for the manifest. */
export type Told = Readonly<Record<string, unknown>>;

type Line = readonly [index: number, inode: string, told: Told, modifiedNs: string];

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
  async add(index: number, { ino, mtimeNs }: Made, told: Told): Promise<void> {
    const line: Line = [index, String(ino), told, String(mtimeNs)];
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
  readonly #lines: ReadonlyMap<string, Line>;

  private constructor(lines: ReadonlyMap<string, Line>) {
    this.#lines = lines;
  }

  static async read(run: RunFolder, index: number): Promise<Results> {
    const folder = pathsOf(run).resultFolder(index);
    const said = new Map<string, Line>();
    for (const name of await namesIn(folder)) {
      const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
      // Behind the last line break is nothing, or what a worker was killed in the middle of.
      for (const text of lines.slice(0, -1)) {
        const line = JSON.parse(text) as Line;
        said.set(`${line[0]}.${line[1]}`, line);
      }
    }
    return new Results(said);
  }

  of(index: number, inode: bigint): Told {
    return this.#lines.get(`${index}.${inode}`)?.[2] ?? {};
  }

  /** When the attempt was written last, in nanoseconds since 1970; undefined where nothing is known of it. */
  modifiedNs(index: number, inode: bigint): bigint | undefined {
    const text = this.#lines.get(`${index}.${inode}`)?.[3];
    return text === undefined ? undefined : BigInt(text);
  }
}

import { link, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemCode } from '../fleet-error.ts';

/** What became of a call for each name: `won`, or the code of its error. */
export type Fates = readonly string[];

/** Calls that two processes make at the same time on the same names. */
export const tasks = {
  /** Creates each name, where it is not there. */
  create: (folder: string, names: readonly string[]): Promise<Fates> =>
    each(names, async (name) => (await open(join(folder, name), 'wx')).close()),
  /** Links each name to a file of its own, where it is not there. */
  link: async (folder: string, names: readonly string[]): Promise<Fates> => {
    const own = join(folder, `own-${process.pid}`);
    await writeFile(own, String(process.pid));
    return each(names, (name) => link(own, join(folder, name)));
  },
  /** Replaces the first name by whole files, again and again: of `a` and of `b`. */
  replace: async (folder: string, [name = '', rounds = '1']: readonly string[]): Promise<Fates> => {
    const fates: string[] = [];
    for (let i = 0; i < Number(rounds); i += 1) {
      const own = join(folder, `replacement-${process.pid}`);
      await writeFile(own, (i % 2 === 0 ? 'a' : 'b').repeat(replacementBytes));
      fates.push(...(await each([name], (target) => rename(own, join(folder, target)))));
    }
    return fates;
  },
  /** Reads the first name, again and again: `won` where it is one of the whole files. */
  read: async (folder: string, [name = '', rounds = '1']: readonly string[]): Promise<Fates> => {
    const fates: string[] = [];
    for (let i = 0; i < Number(rounds); i += 1) {
      const read = async (target: string): Promise<void> => {
        const text = await readFile(join(folder, target), 'latin1');
        if (!isWhole(text)) throw Object.assign(new Error('torn'), { code: 'TORN' });
      };
      fates.push(...(await each([name], read)));
    }
    return fates;
  },
} as const;

export type TaskName = keyof typeof tasks;

/** More than a page, so that a write of it could be seen half done. */
export const replacementBytes = 20_000;

const isWhole = (text: string): boolean =>
  text.length === replacementBytes && (/^a+$/.test(text) || /^b+$/.test(text));

async function each(
  names: readonly string[],
  call: (name: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const fates: string[] = [];
  for (const name of names) {
    try {
      await call(name);
      fates.push('won');
    } catch (error) {
      fates.push(systemCode(error) ?? String(error));
    }
  }
  return fates;
}

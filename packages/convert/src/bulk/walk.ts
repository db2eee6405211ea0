import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ConvertError } from '../errors.ts';

/**
 * The files in a folder, as sorted paths relative to it, with forward slashes.
 *
 * Left out are dotfiles, temps that a writer has left or is writing, and what is not a file. Links
 * to files count as files; links to folders are not followed, for they may lead in circles.
 *
 * @param depth Levels of folders to look into; 1 for the folder alone.
 * @throws {ConvertError} `SOURCE_UNREADABLE` for a folder that cannot be read: its files must not be missed.
 */
export async function filesIn(folder: string, depth: number): Promise<string[]> {
  const files: string[] = [];
  const visit = async (relative: string, levels: number): Promise<void> => {
    for (const entry of await entriesOf(join(folder, relative))) {
      if (entry.name.startsWith('.') || entry.name.endsWith('.tmp')) continue;
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (levels > 1) await visit(path, levels - 1);
      } else if (entry.isFile() || (entry.isSymbolicLink() && !(await leadsElsewhere(join(folder, path))))) {
        files.push(path);
      }
    }
  };
  await visit('', depth);
  return files.toSorted();
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const message = `the folder cannot be read: ${(cause as Error).message}`;
    throw new ConvertError('SOURCE_UNREADABLE', message, { path: folder }, { cause });
  }
}

/** Whether a link leads to something that is no file. One that leads nowhere is a file that is missed. */
async function leadsElsewhere(link: string): Promise<boolean> {
  try {
    return !(await stat(link)).isFile();
  } catch {
    return false;
  }
}

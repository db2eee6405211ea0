import type { Dir } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ConvertError } from '../errors.ts';

/**
 * The files in a folder, as paths relative to it, with forward slashes, sorted; one folder's names are
 * held at a time, and those of the folders above it.
 *
 * Left out are dotfiles, temps that a writer has left or is writing, and what is not a file. Links
 * to files count as files; links to folders are not followed, for they may lead in circles.
 *
 * @param depth Levels of folders to look into; 1 for the folder alone.
 * @throws {ConvertError} `SOURCE_UNREADABLE` for a folder that cannot be read: its files must not be missed. An
 * abort throws its reason.
 */
export async function* filesIn(
  folder: string,
  depth: number,
  signal?: AbortSignal,
): AsyncGenerator<string, void> {
  /** Folders that are being read, each in the one before it, and the names in them that are to come. */
  const open = [{ below: '', names: await namesIn(folder, depth > 1) }];
  for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
    const name = last.names.pop();
    if (name === undefined) {
      open.pop();
      continue;
    }
    const path = last.below + name;
    signal?.throwIfAborted();
    if (!name.endsWith('/')) yield path;
    else {
      const names = await namesIn(join(folder, path.slice(0, -1)), depth > open.length + 1);
      open.push({ below: path, names });
    }
  }
}

/**
 * The names in a folder, the last one first. Folders end in a slash, by which they come where the paths of
 * their files do: `a-b` comes before `a/b`.
 */
async function namesIn(folder: string, withFolders: boolean): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of await opened(folder)) {
      const { name } = entry;
      if (name.startsWith('.') || name.endsWith('.tmp')) continue;
      if (entry.isDirectory()) {
        if (withFolders) names.push(`${name}/`);
      } else if (entry.isFile() || (entry.isSymbolicLink() && !(await leadsElsewhere(join(folder, name))))) {
        names.push(name);
      }
    }
  } catch (cause) {
    const message = `the folder cannot be read: ${(cause as Error).message}`;
    throw new ConvertError('SOURCE_UNREADABLE', message, { path: folder }, { cause });
  }
  // Bytes that are no character are all spelled alike, so two files may have one name here.
  return names
    .toSorted()
    .toReversed()
    .filter((name, i, sorted) => name !== sorted[i - 1]);
}

/** Names that are asked for at a time. */
const bufferSize = 512;

const opened = (folder: string): Promise<Dir> => opendir(folder, { bufferSize });

/** Whether a link leads to something that is no file. One that leads nowhere is a file that is missed. */
async function leadsElsewhere(link: string): Promise<boolean> {
  try {
    return !(await stat(link)).isFile();
  } catch {
    return false;
  }
}

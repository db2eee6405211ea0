import { access, type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { systemCode } from '../fleet-error.ts';

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Folders whose names are made durable again and again, and which are held open meanwhile. */
export class HeldFolders {
  readonly #handles = new Map<string, Promise<FileHandle>>();

  /** As {@link syncFolder}. */
  async sync(path: string): Promise<void> {
    let opened = this.#handles.get(path);
    if (opened === undefined) this.#handles.set(path, (opened = open(path, 'r')));
    await (await opened).sync();
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#handles.values());
    this.#handles.clear();
    // Whoever wanted one that could not be opened has been told.
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
  }
}

/** Whether a path leads to anything. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The names in a folder; none where it is not there. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes a folder, and those above it, that last. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === first) return;
  }
}

/** Does what makes a name in a folder; first the folder, where it is missing, but none above it. */
export async function inFolder<Result>(path: string, makeName: () => Promise<Result>): Promise<Result> {
  try {
    return await makeName();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  await makeFolderIn(path);
  return makeName();
}

/**
 * Makes a folder in one that is there, if it is not there yet. It makes none above it: the folder of a
 * revoked run must not come back.
 */
export async function makeFolderIn(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw error;
  }
  await syncFolder(dirname(path));
}

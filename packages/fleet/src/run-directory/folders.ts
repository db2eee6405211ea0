import { mkdir, open } from 'node:fs/promises';
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

/** Makes a folder, and those above it, that last. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === first) return;
  }
}

/** Makes the content of a file durable, and gives its inode. */
export async function syncFile(path: string): Promise<bigint> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
    return (await file.stat({ bigint: true })).ino;
  } finally {
    await file.close();
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

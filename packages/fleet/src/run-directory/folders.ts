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

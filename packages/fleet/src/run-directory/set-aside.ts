import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFile } from '@x/atomic-fs';

import { systemCode } from '../fleet-error.ts';
import { makeFolderIn } from './folders.ts';
import { pathsOf, type RunFolder } from './layout.ts';

/** Why an input was set aside. */
export interface Failure {
  readonly code?: string | undefined;
  readonly message: string;
  readonly attempts: number;
}

/** Sets an input aside that has failed too often, so that it does not hold up the others. */
export async function setAside(run: RunFolder, index: number, failure: Failure): Promise<void> {
  const { failed, failedFolder } = pathsOf(run);
  await makeFolderIn(failedFolder(index));
  await writeFile(failed(index), JSON.stringify(failure));
}

export async function failureOf(run: RunFolder, index: number): Promise<Failure | undefined> {
  const text = await readIfThere(pathsOf(run).failed(index));
  return text === undefined ? undefined : (JSON.parse(text) as Failure);
}

/** Takes all of them up again. */
export async function forgetFailures({ path }: RunFolder): Promise<void> {
  const folder = join(path, 'failed');
  for (const part of await readdir(folder)) await rm(join(folder, part), { recursive: true, force: true });
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

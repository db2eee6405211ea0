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
  try {
    return JSON.parse(await readFile(pathsOf(run).failed(index), 'utf8')) as Failure;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes all of them up again: a run that had ended has not, where there are any. */
export async function forgetFailures(run: RunFolder): Promise<void> {
  const folder = join(run.path, 'failed');
  for (const part of await readdir(folder)) {
    await rm(pathsOf(run).finished, { force: true });
    await rm(join(folder, part), { recursive: true, force: true });
  }
}

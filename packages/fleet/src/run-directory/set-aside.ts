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
  /** Where in the input, as a conversion tells it: from 1. */
  readonly row?: number | undefined;
  readonly line?: number | undefined;
  readonly column?: number | string | undefined;
  /** From 0, in the decompressed bytes. */
  readonly byteOffset?: number | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly attempts: number;
}

/** What an error says of itself. */
export function failureBy(error: unknown, attempts: number): Failure {
  if (!(error instanceof Error)) return { message: String(error), attempts };
  const { row, line, column, byteOffset, hint } = error as Partial<Failure>;
  return { code: systemCode(error), message: error.message, row, line, column, byteOffset, hint, attempts };
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

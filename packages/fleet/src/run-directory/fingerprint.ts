import { stat } from 'node:fs/promises';

import { FleetError, systemCode } from '../fleet-error.ts';

/**
 * What tells one state of a file from another: its length, the time of its last change in
 * nanoseconds, and its inode. `undefined` where there is no file.
 */
export async function fingerprintOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return `${size}-${mtimeNs}-${ino}`;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** @throws {FleetError} `INPUT_CHANGED`, which trying again does not mend. */
export async function checkUnchanged(path: string, fingerprint: string | undefined): Promise<void> {
  if ((await fingerprintOf(path)) === fingerprint) return;
  throw new FleetError('INPUT_CHANGED', 'the input has changed since the run was planned', {
    path,
    hint: 'Start a new run, which plans with what is there now',
  });
}

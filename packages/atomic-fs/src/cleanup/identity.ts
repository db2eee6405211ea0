import type { BigIntStats } from 'node:fs';

import { errorCode } from '../errors.ts';
import { type Steps, call } from '../host/steps.ts';

/** What tells one file from another, whatever its name. */
export type Identity = Pick<BigIntStats, 'dev' | 'ino'>;

export const isSameFile = (one: Identity, other: Identity): boolean =>
  one.dev === other.dev && one.ino === other.ino;

/** Whether nobody has written, renamed or linked the file, or changed its mode or owner, in between. */
export function isUnchanged(before: BigIntStats, now: BigIntStats): boolean {
  return (
    isSameFile(before, now) &&
    before.size === now.size &&
    before.mtimeNs === now.mtimeNs &&
    before.ctimeNs === now.ctimeNs
  );
}

/** Removes a name if what it leads to is as expected. Gives whether it did. */
export function* removeIf(path: string, isExpected: (found: BigIntStats) => boolean): Steps<boolean> {
  const found = yield* call((fs) => fs.lstat(path));
  if (found === undefined || !isExpected(found)) return false;
  try {
    yield* call((fs) => fs.unlink(path));
  } catch (error) {
    // Another writer has been faster.
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  return true;
}

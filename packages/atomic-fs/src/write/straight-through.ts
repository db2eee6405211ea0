/** Pipes, devices and open descriptors: there is nothing to replace, so the bytes go straight in. */
import { constants } from 'node:fs';

import { errorCode } from '../errors.ts';
import { isUnsupported } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';
import type { Target } from './target.ts';

/** Opening a FIFO waits for its reader. */
export function* openStraight({ path, stats, descriptor }: Target): Steps<number> {
  if (descriptor !== undefined) return descriptor;
  const truncate = stats?.isFile() === true ? constants.O_TRUNC : 0;
  return yield* call((fs) => fs.open(path, constants.O_WRONLY | truncate, 0));
}

/** What a pipe or a terminal took is out of reach; a disk can be synced. */
export function* syncStraight(fd: number): Steps<void> {
  try {
    yield* call((fs) => fs.fsync(fd));
  } catch (error) {
    const code = errorCode(error);
    if (!isUnsupported(code) && code !== 'EROFS') throw error;
  }
}

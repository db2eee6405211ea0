import { explain } from '../errors.ts';
import type { Steps } from '../host/steps.ts';
import { warn } from '../warnings.ts';
import { type Pending, circumstancesOf } from '../write/pending.ts';
import { closeDescriptor } from '../write/seal.ts';
import { isSameFile, removeIf } from './identity.ts';
import { strike } from './live-temps.ts';

/** Closes and removes the temp, if it still is the file that was written, and leaves the target as it is. */
export function* discard(pending: Pending): Steps<void> {
  try {
    yield* closeDescriptor(pending);
  } finally {
    if (pending.kind === 'temp') {
      const { path, stats } = pending.temp;
      const isNeeded = pending.committed || pending.damaged;
      if (!isNeeded) yield* removeIf(path, (found) => isSameFile(found, stats));
      strike(path);
    }
  }
}

/** As {@link discard}, where an earlier error is the one to raise. Gives whether the temp is gone. */
export function* discardQuietly(pending: Pending): Steps<boolean> {
  try {
    yield* discard(pending);
    return true;
  } catch (error) {
    const { tempPath, path } = circumstancesOf(pending);
    warn(pending.settings, 'TEMP_LEFT', `${tempPath ?? path} could not be closed and removed`, error);
    return false;
  }
}

/** Discards because of an error, and gives that error, explained. */
export function* discardAfter(error: unknown, pending: Pending): Steps<unknown> {
  const circumstances = circumstancesOf(pending);
  const tempRemains = !(yield* discardQuietly(pending));
  return explain(error, { ...circumstances, tempRemains });
}

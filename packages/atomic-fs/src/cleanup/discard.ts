import { explain } from '../errors.ts';
import type { Steps } from '../host/steps.ts';
import { warn } from '../warnings.ts';
import { type Pending, circumstancesOf, isStillOurs } from '../write/pending.ts';
import { closeDescriptor, closeDirectory } from '../write/seal.ts';
import { removeIf } from './identity.ts';
import { strike } from './live-temps.ts';

/** Removes the temp and closes it, if it still is the file that was written, and leaves the target as it is. */
export function* discard(pending: Pending): Steps<void> {
  try {
    // First, because as long as it is open no other file can pass for it.
    const isNeeded = pending.committed || pending.kind === 'straight' || pending.damaged;
    if (!isNeeded) yield* removeIf(pending.temp.path, (found) => isStillOurs(pending, found));
  } finally {
    if (pending.kind === 'temp') {
      strike(pending.temp.path);
      yield* closeDirectory(pending);
    }
    yield* closeDescriptor(pending);
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

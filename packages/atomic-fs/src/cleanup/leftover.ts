import { type Steps, call, runSync } from '../host/steps.ts';
import type { Settings } from '../options.ts';
import { warn } from '../warnings.ts';
import type { FoundTemp } from '../write/create-temp.ts';
import { type Patience, isAbandoned } from './abandoned.ts';
import { isUnchanged, removeIf } from './identity.ts';

const patience: Patience = { always: 0, whenUnknown: 60_000 };

/**
 * Removes the file that had the name of the temp when this write began, if it has not changed since
 * and no writer is at work on it. Whatever comes of it, the write has succeeded.
 */
export function* removeLeftover(found: FoundTemp, settings: Settings): Steps<void> {
  const { path, stats } = found;
  const { host } = settings;
  try {
    const now = yield* call((fs) => fs.lstat(path));
    if (now === undefined || !isUnchanged(stats, now)) return;
    if (!(yield* isAbandoned({ path, stats, writer: undefined }, patience, host))) return;
    // Blocking, so that hardly any time passes between the look and the removal: another writer that
    // removes the same leftover makes room for a third, whose temp must not go.
    if (
      !runSync(
        host.sync,
        removeIf(path, (last) => isUnchanged(stats, last)),
      )
    )
      return;
    warn(settings, 'LEFTOVER_REMOVED', `${path}, which an interrupted run had left, was removed`);
  } catch (error) {
    warn(settings, 'TEMP_LEFT', `${path}, which an interrupted run had left, could not be removed`, error);
  }
}

/** Whether a temp that lies there was left by a dead writer, or belongs to one that is at work. */
import type { BigIntStats } from 'node:fs';

import { errorCode } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';
import { type Writer, writerState } from '../temp-name/token.ts';
import { isMarked } from '../write/create-temp.ts';
import { lstatIfThere } from '../write/target.ts';
import { isSameFile, isUnchanged } from './identity.ts';
import { isLive } from './live-temps.ts';

export interface Temp {
  readonly path: string;
  readonly stats: BigIntStats;
  /** Undefined for a name without a token. */
  readonly writer: Writer | undefined;
}

export interface Patience {
  /** A temp that changed within so many milliseconds is not abandoned. */
  readonly always: number;
  /** The same, where it cannot be known whether its writer is still at work. */
  readonly whenUnknown: number;
}

/** How long a temp has to lie still that no process has open: its writer may be about to rename it. */
const settleTime = 100;

export function* isAbandoned(temp: Temp, patience: Patience, host: Host): Steps<boolean> {
  if (!temp.stats.isFile() || isLive(temp.path)) return false;
  const age = (yield* call((fs) => fs.time())) - Number(temp.stats.ctimeMs);
  if (age < patience.always) return false;
  if (temp.writer !== undefined) {
    const state = yield* writerState(temp.writer, host);
    if (state === 'gone') return true;
    if (state === 'elsewhere') return age >= patience.whenUnknown;
    if (temp.writer.pid !== host.pid) return false;
  }
  // No token tells who writes it; or this process does, perhaps in another thread.
  const users = yield* usersOf(temp.stats, host);
  if (users === 'unknown') return age >= patience.whenUnknown;
  return users === 'none' && (yield* liesStill(temp, host));
}

/** A writer closes its temp just before it renames it; then it is soon gone, or open again nowhere. */
function* liesStill(temp: Temp, host: Host): Steps<boolean> {
  yield* call((fs) => fs.sleep(settleTime, undefined));
  const now = yield* lstatIfThere(temp.path);
  if (now === undefined || !isUnchanged(temp.stats, now)) return false;
  return (yield* usersOf(now, host)) === 'none';
}

/** Which processes have a file open, as far as this one may see: others' containers it never does. */
function* usersOf(file: BigIntStats, host: Host): Steps<'some' | 'none' | 'unknown'> {
  if (!platformOf(host.platform).hasProc) return 'unknown';
  const processes = yield* listIfAllowed('/proc');
  if (processes?.includes(String(host.pid)) !== true) return 'unknown';
  let allSeen = true;
  for (const process of processes) {
    if (!/^\d+$/.test(process)) continue;
    const opened = yield* listIfAllowed(`/proc/${process}/fd`);
    allSeen &&= opened !== undefined;
    for (const fd of opened ?? []) {
      const stats = yield* statIfAllowed(`/proc/${process}/fd/${fd}`);
      if (stats !== undefined && isSameFile(stats, file)) return 'some';
    }
  }
  // Only its owner and root can have opened a file that was never open to others.
  return allSeen || isMarked(file) ? 'none' : 'unknown';
}

function* listIfAllowed(directory: string): Steps<string[] | undefined> {
  try {
    return yield* call((fs) => fs.readdir(directory));
  } catch (error) {
    return unlessHidden(error);
  }
}

function* statIfAllowed(file: string): Steps<BigIntStats | undefined> {
  try {
    return yield* call((fs) => fs.stat(file));
  } catch (error) {
    return unlessHidden(error);
  }
}

/** Processes end and close files while they are looked at, and those of other users are not shown. */
function unlessHidden(error: unknown): undefined {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return undefined;
  throw error;
}

/** Whether a temp that lies there was left by a dead writer, or belongs to one that is at work. */
import type { BigIntStats } from 'node:fs';
import path from 'node:path';

import { errorCode } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';
import { type Writer, writerState } from '../temp-name/token.ts';
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

/**
 * How long a temp that no process has open has to lie still, in milliseconds: its writer may have
 * closed it to rename it in a moment. The time is for a machine too busy to go on; a temp that was
 * not touched for long hardly meets one in that moment.
 */
const settling = { fresh: 1000, old: 100, isOldAfter: 10_000 };

export function* isAbandoned(temp: Temp, patience: Patience, host: Host): Steps<boolean> {
  // A link is one that was to be flipped.
  const canBeOurs = temp.stats.isFile() || temp.stats.isSymbolicLink();
  if (!canBeOurs || isLive(temp.path)) return false;
  const age = (yield* call((fs) => fs.time())) - Number(temp.stats.ctimeMs);
  if (age < patience.always) return false;
  if (temp.writer !== undefined) {
    const state = yield* writerState(temp.writer, host);
    if (state === 'gone') return true;
    if (state === 'elsewhere') return age >= patience.whenUnknown;
    if (temp.writer.pid !== host.pid) return false;
  }
  // No token tells who writes it; or this process does, perhaps in another thread.
  const users = yield* usersOf(temp, host);
  if (users === 'unknown') return age >= patience.whenUnknown;
  return users === 'none' && (yield* liesStill(temp, age, host));
}

function* liesStill(temp: Temp, age: number, host: Host): Steps<boolean> {
  const time = age < settling.isOldAfter ? settling.fresh : settling.old;
  yield* call((fs) => fs.sleep(time, undefined));
  const now = yield* call((fs) => fs.lstat(temp.path));
  if (now === undefined || !isUnchanged(temp.stats, now)) return false;
  return (yield* usersOf(temp, host)) === 'none';
}

/**
 * Whether a process has a temp open, or its directory, as a writer that closed it has until it
 * synced that. Processes of other users are not shown, but hardly write files of ours; those of other
 * containers and machines are not shown either.
 */
function* usersOf(temp: Temp, host: Host): Steps<'some' | 'none' | 'unknown'> {
  if (!platformOf(host.platform).hasProc) return 'unknown';
  const directory = yield* call((fs) => fs.stat(path.dirname(temp.path)));
  const processes = yield* listIfShown('/proc');
  if (!processes.includes(String(host.pid))) return 'unknown';
  for (const process of processes) {
    if (!/^\d+$/.test(process)) continue;
    for (const fd of yield* listIfShown(`/proc/${process}/fd`)) {
      const opened = yield* statIfShown(`/proc/${process}/fd/${fd}`);
      if (opened === undefined) continue;
      if (isSameFile(opened, temp.stats) || isSameFile(opened, directory)) return 'some';
    }
  }
  const uid = yield* call((fs) => fs.effectiveUser());
  return uid === 0 || BigInt(uid) === temp.stats.uid ? 'none' : 'unknown';
}

function* listIfShown(directory: string): Steps<string[]> {
  try {
    return yield* call((fs) => fs.readdir(directory));
  } catch (error) {
    if (isHidden(error)) return [];
    throw error;
  }
}

function* statIfShown(file: string): Steps<BigIntStats | undefined> {
  try {
    return yield* call((fs) => fs.stat(file));
  } catch (error) {
    if (isHidden(error)) return undefined;
    throw error;
  }
}

/** Processes end and close files while they are looked at, and not all of them show theirs. */
function isHidden(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM';
}

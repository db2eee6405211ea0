/** A file that is being written and not there yet. */
import type { BigIntStats } from 'node:fs';

import { isSameFile } from '../cleanup/identity.ts';
import { AtomicWriteError, type Circumstances, abortError } from '../errors.ts';
import type { Settings } from '../options.ts';
import { type CreatedTemp, isMarked } from './create-temp.ts';
import type { Target } from './target.ts';

interface Common {
  readonly settings: Settings;
  readonly target: Target;
  /** Undefined once it is closed. */
  fd: number | undefined;
  /** Turns true only when the new content is at the target. */
  committed: boolean;
}

/** The usual way: a temp that will take the place of the target. */
export interface TempPending extends Common {
  readonly kind: 'temp';
  readonly temp: CreatedTemp;
  /** Whether the temp is in another directory, from where it can only be copied into the target. */
  readonly spooled: boolean;
  /** The directory of the target, from shortly before the temp is closed until it is synced. */
  directoryFd: number | undefined;
  /** Bytes written. */
  size: number;
  /** Whether the caller has the handle, and may have written with it. */
  isShared: boolean;
  /** Whether the target is half rewritten, so that the temp is the only whole copy. */
  damaged: boolean;
}

/** A pipe, a device or a descriptor, which takes the bytes as they come. */
export interface StraightPending extends Common {
  readonly kind: 'straight';
}

export type Pending = TempPending | StraightPending;

export const circumstancesOf = (pending: Pending): Circumstances => ({
  path: pending.target.path,
  tempPath: pending.kind === 'temp' ? pending.temp.path : undefined,
  committed: pending.committed,
});

export function checkSignal(pending: Pending): void {
  const { signal } = pending.settings;
  if (signal?.aborted === true) throw abortError(signal, circumstancesOf(pending));
}

export function openDescriptor(pending: Pending): number {
  if (pending.fd !== undefined) return pending.fd;
  throw new AtomicWriteError(`${pending.target.path} is closed`, {
    ...circumstancesOf(pending),
    code: 'CLOSED',
  });
}

/**
 * Whether what has the name of the temp is the file that was created.
 *
 * Once it is closed, somebody may remove it, and the next new file may get its inode number. Such a
 * one is shorter or longer, or still marked as being written; if neither, it is as whole as ours.
 */
export function isStillOurs(pending: TempPending, found: BigIntStats): boolean {
  if (!isSameFile(pending.temp.stats, found)) return false;
  if (pending.fd !== undefined) return true;
  return found.size === BigInt(pending.size) && (pending.spooled || !isMarked(found));
}

/** The file whose owner and mode are to be kept. A symbolic link has none worth keeping. */
export const replacedStats = ({ target }: Pending): BigIntStats | undefined =>
  target.stats?.isSymbolicLink() === true ? undefined : target.stats;

/** The moment the new content appears at the target, and what makes it last. */
import type { BigIntStats } from 'node:fs';
import path from 'node:path';

import { isSameFile, removeIf } from '../cleanup/identity.ts';
import { removeLeftover } from '../cleanup/leftover.ts';
import { strike } from '../cleanup/live-temps.ts';
import type { AtomicWriteErrorCode } from '../error-codes.ts';
import { AtomicWriteError, errorCode } from '../errors.ts';
import { type Steps, call } from '../host/steps.ts';
import { warn } from '../warnings.ts';
import {
  type Pending,
  type TempPending,
  checkSignal,
  circumstancesOf,
  isStillOurs,
} from '../write/pending.ts';
import { rewriteInPlace } from './in-place.ts';
import { renamePatiently } from './rename.ts';
import { syncOpenDirectory } from './sync-directory.ts';

/** Puts a sealed file in place, for good. */
export function* publish(pending: Pending): Steps<void> {
  yield* moveIntoPlace(pending);
  yield* syncParent(pending);
  yield* clearUp(pending);
}

/** Puts a sealed file in place; without `syncParent` a power cut may still undo it. */
export function* moveIntoPlace(pending: Pending): Steps<void> {
  checkSignal(pending);
  const tempRemains = pending.kind === 'temp' && (yield* moveTemp(pending));
  pending.committed = true;
  if (pending.kind === 'temp') {
    if (tempRemains) yield* removeTemp(pending);
    strike(pending.temp.path);
  }
}

/** Gives whether the temp still has its name. */
function* moveTemp(pending: TempPending): Steps<boolean> {
  const { settings, target, temp, spooled } = pending;
  const { nlink } = yield* verifyTemp(pending);
  if (settings.flag === 'wx') {
    yield* linkExclusively(pending);
    return true;
  }
  if (spooled) {
    yield* rewriteInPlace(pending);
    return true;
  }
  try {
    yield* renamePatiently(temp.path, target, settings, () => verifyTemp(pending));
  } catch (error) {
    if (settings.fallback !== 'in-place' || !isRenameRefused(errorCode(error))) throw error;
    yield* rewriteInPlace(pending);
    return true;
  }
  // Between two names of one file a rename does nothing.
  return nlink > 1n;
}

const refusals: ReadonlySet<AtomicWriteErrorCode> = new Set<AtomicWriteErrorCode>([
  'EXDEV',
  'EBUSY',
  'EPERM',
  'EACCES',
]);

const isRenameRefused = (code: AtomicWriteErrorCode): boolean => refusals.has(code);

/** A rename acts on the name: whatever file has it by now would be published. */
function* verifyTemp(pending: TempPending): Steps<BigIntStats> {
  const { path: tempPath } = pending.temp;
  const found = yield* call((fs) => fs.lstat(tempPath));
  if (found !== undefined && isStillOurs(pending, found)) return found;
  throw new AtomicWriteError(`${tempPath} is no longer the file that was written`, {
    ...circumstancesOf(pending),
    code: 'TEMP_CHANGED',
  });
}

/** A link is refused where a rename would replace. */
function* linkExclusively({ temp, target }: TempPending): Steps<void> {
  try {
    yield* call((fs) => fs.link(temp.path, target.path));
  } catch (error) {
    // A network file system that sends the request twice may refuse the second for the success of the first.
    const there = errorCode(error) === 'EEXIST' ? yield* call((fs) => fs.lstat(target.path)) : undefined;
    if (there === undefined || !isSameFile(there, temp.stats)) throw error;
  }
}

function* removeTemp({ settings, temp, target }: TempPending): Steps<void> {
  try {
    yield* removeIf(temp.path, (found) => isSameFile(found, temp.stats));
  } catch (error) {
    warn(settings, 'TEMP_LEFT', `${target.path} is in place, but ${temp.path} could not be removed`, error);
  }
}

/** Makes the directory entry of a published file durable. */
export function* syncParent(pending: Pending): Steps<void> {
  if (pending.kind !== 'temp' || pending.directoryFd === undefined) return;
  const { directoryFd, target, settings } = pending;
  pending.directoryFd = undefined;
  yield* syncOpenDirectory(directoryFd, path.dirname(target.path), settings);
}

/** Removes what a dead writer left under the name of the temp. */
export function* clearUp(pending: Pending): Steps<void> {
  if (pending.kind === 'temp' && pending.temp.found !== undefined) {
    yield* removeLeftover(pending.temp.found, pending.settings);
  }
}

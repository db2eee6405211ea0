/**
 * A file that is written but not there yet, and the steps from nothing to published:
 * `begin` → `append` … → `seal` → `publish`, or `discard`.
 */
import { constants } from 'node:fs';
import path from 'node:path';

import { AtomicWriteError, errorCode } from './errors.ts';
import { finalMode, giveOwner } from './metadata.ts';
import type { Settings } from './options.ts';
import { type Steps, call } from './steps.ts';
import { type Target, findTarget, refuseDirectory } from './target.ts';
import { tempPathFor } from './temp-name.ts';

export interface Pending {
  readonly settings: Settings;
  readonly target: Target;
  readonly tempPath: string;
  readonly identity: Identity;
  /** Undefined once it is closed. */
  fd: number | undefined;
  /** Changes only when the new content is at the target. */
  committed: boolean;
}

/** What tells one file from another, whatever its name. */
export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}

export function* begin(file: string, settings: Settings): Steps<Pending> {
  settings.signal?.throwIfAborted();
  const target = yield* findTarget(file);
  refuseDirectory(target);
  const { fd, tempPath } = yield* createTemp(target.path, settings);
  const { dev, ino } = yield* call((fs) => fs.fstat(fd));
  return { settings, target, tempPath, identity: { dev, ino }, fd, committed: false };
}

const tempMode = 0o600;

function* createTemp(target: string, settings: Settings): Steps<{ fd: number; tempPath: string }> {
  let tempPath = tempPathFor(target, settings.tempName);
  for (;;) {
    try {
      return { fd: yield* call((fs) => fs.open(tempPath, 'wx', tempMode)), tempPath };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || settings.onTempExists === 'error') throw error;
      tempPath = tempPathFor(target, 'unique');
    }
  }
}

/** Writes all of the bytes, at the end of what was written before. */
export function* append(pending: Pending, bytes: Uint8Array): Steps<void> {
  const fd = openDescriptor(pending);
  let done = 0;
  while (done < bytes.length) {
    pending.settings.signal?.throwIfAborted();
    const at = done;
    const length = Math.min(bytes.length - at, largestWrite);
    const written = yield* call((fs) => fs.write(fd, bytes, at, length));
    if (written === 0) {
      throw new AtomicWriteError(`Nothing more could be written to ${pending.tempPath}`, {
        code: 'EIO',
        syscall: 'write',
        path: pending.target.path,
        tempPath: pending.tempPath,
      });
    }
    done += written;
  }
}

const largestWrite = 16 * 1024 * 1024;

/** Gives the temp its owner and its mode, makes its content durable and closes it. */
export function* seal(pending: Pending): Steps<void> {
  const fd = openDescriptor(pending);
  yield* giveOwner(fd, pending);
  const mode = yield* finalMode(pending);
  yield* call((fs) => fs.fchmod(fd, mode));
  if (pending.settings.durability !== 'none') yield* call((fs) => fs.fsync(fd));
  pending.fd = undefined;
  yield* call((fs) => fs.close(fd));
}

/** Puts the sealed temp where the target is. */
export function* publish(pending: Pending): Steps<void> {
  const { settings, target, tempPath } = pending;
  settings.signal?.throwIfAborted();
  yield* verifyTemp(pending);
  if (settings.flag === 'wx') {
    yield* call((fs) => fs.link(tempPath, target.path));
    pending.committed = true;
    yield* call((fs) => fs.unlink(tempPath));
  } else {
    yield* call((fs) => fs.rename(tempPath, target.path));
    pending.committed = true;
  }
  if (settings.durability === 'full') yield* syncDirectory(path.dirname(target.path));
}

/** A rename acts on the name: whatever file has it by now would be published. */
function* verifyTemp(pending: Pending): Steps<void> {
  const { tempPath, identity } = pending;
  const found = yield* call((fs) => fs.lstat(tempPath));
  if (found.dev === identity.dev && found.ino === identity.ino) return;
  throw new AtomicWriteError(`${tempPath} is no longer the file that was written`, {
    code: 'TEMP_CHANGED',
    path: pending.target.path,
    tempPath,
  });
}

function* syncDirectory(directory: string): Steps<void> {
  const fd = yield* call((fs) => fs.open(directory, constants.O_RDONLY, 0));
  try {
    yield* call((fs) => fs.fsync(fd));
  } finally {
    yield* call((fs) => fs.close(fd));
  }
}

/** Closes and removes the temp, if it still is the file that was written. */
export function* discard(pending: Pending): Steps<void> {
  const { fd } = pending;
  pending.fd = undefined;
  if (fd !== undefined) yield* call((fs) => fs.close(fd));
  if (pending.committed) return;
  yield* verifyTemp(pending);
  yield* call((fs) => fs.unlink(pending.tempPath));
}

function openDescriptor(pending: Pending): number {
  if (pending.fd !== undefined) return pending.fd;
  throw new AtomicWriteError(`${pending.target.path} is already closed`, {
    code: 'CLOSED',
    path: pending.target.path,
  });
}

import path from 'node:path';

import { type Steps, call } from '../host/steps.ts';
import { openDirectory } from '../rename/sync-directory.ts';
import { giveMode, giveOwner } from './metadata.ts';
import { type Pending, type TempPending, checkSignal, openDescriptor } from './pending.ts';
import { syncStraight } from './straight-through.ts';

/** Makes everything ready to be published, and closes it. */
export function* seal(pending: Pending): Steps<void> {
  const fd = openDescriptor(pending);
  checkSignal(pending);
  if (pending.kind === 'temp') yield* sealTemp(fd, pending);
  else if (pending.settings.durability !== 'none') yield* syncStraight(fd);
  yield* closeDescriptor(pending);
}

/** Gives the temp its owner and its mode, and makes its content durable. */
function* sealTemp(fd: number, pending: TempPending): Steps<void> {
  if (pending.isShared) pending.size = Number((yield* call((fs) => fs.fstat(fd))).size);
  // What is to be copied into the target lends its content only.
  if (pending.spooled) return;
  const { settings, target } = pending;
  yield* giveMode(fd, pending, yield* giveOwner(fd, pending));
  checkSignal(pending);
  // Once only: after a failed fsync the kernel forgets what it could not write, and the next one succeeds.
  if (settings.durability !== 'none') yield* call((fs) => fs.fsync(fd));
  // Opened before the temp is closed, for three reasons: a failure comes before the rename, it stays
  // the same directory whatever name it gets, and others see that the temp still has a writer.
  if (settings.durability === 'full') {
    pending.directoryFd = yield* openDirectory(path.dirname(target.path), settings);
  }
}

export function* closeDescriptor(pending: Pending): Steps<void> {
  const { fd } = pending;
  // Whatever close says, the descriptor is gone, and its number may soon be another file's.
  pending.fd = undefined;
  if (fd !== undefined && fd !== pending.target.descriptor) yield* call((fs) => fs.close(fd));
}

export function* closeDirectory(pending: TempPending): Steps<void> {
  const { directoryFd } = pending;
  pending.directoryFd = undefined;
  if (directoryFd !== undefined) yield* call((fs) => fs.close(directoryFd));
}

import { type Steps, call } from '../host/steps.ts';
import { giveMode, giveOwner } from './metadata.ts';
import { type Pending, checkSignal, openDescriptor } from './pending.ts';
import { syncStraight } from './straight-through.ts';

/** Gives the temp its owner and its mode, makes its content durable and closes it. */
export function* seal(pending: Pending): Steps<void> {
  const fd = openDescriptor(pending);
  const { durability } = pending.settings;
  checkSignal(pending);
  if (pending.kind === 'temp' && pending.isShared) {
    pending.size = Number((yield* call((fs) => fs.fstat(fd))).size);
  }
  if (pending.kind === 'straight') {
    if (durability !== 'none') yield* syncStraight(fd);
  } else if (!pending.spooled) {
    yield* giveMode(fd, pending, yield* giveOwner(fd, pending));
    checkSignal(pending);
    // Once only: after a failed fsync the kernel forgets what it could not write, and the next one succeeds.
    if (durability !== 'none') yield* call((fs) => fs.fsync(fd));
  }
  yield* closeDescriptor(pending);
}

export function* closeDescriptor(pending: Pending): Steps<void> {
  const { fd } = pending;
  // Whatever close says, the descriptor is gone, and its number may soon be another file's.
  pending.fd = undefined;
  if (fd !== undefined && fd !== pending.target.descriptor) yield* call((fs) => fs.close(fd));
}

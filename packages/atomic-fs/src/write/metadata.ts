/** The owner and the mode of the published file: those of the replaced one, as far as allowed. */
import { errorCode } from '../errors.ts';
import { isMarked } from './create-temp.ts';
import { type TempPending, replacedStats } from './pending.ts';
import { isUnsupported, platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';

const permissionBits = 0o7777;

/** Which parts of the ownership of the replaced file the new one has. */
export interface KeptOwner {
  readonly user: boolean;
  readonly group: boolean;
}

/** Comes before the mode: chown clears the setuid bit. */
export function* giveOwner(fd: number, pending: TempPending): Steps<KeptOwner> {
  const { settings, temp } = pending;
  const replaced = replacedStats(pending);
  if (replaced === undefined || !platformOf(settings.host.platform).hasOwners)
    return { user: true, group: true };
  const user = replaced.uid === temp.stats.uid;
  const group = replaced.gid === temp.stats.gid;
  if ((user && group) || settings.preserveOwner === false) return { user, group };
  const uid = Number(replaced.uid);
  const gid = Number(replaced.gid);
  if (yield* changeOwner(fd, uid, gid, pending)) return { user: true, group: true };
  // Whoever may not give a file away may still give it to another group of their own.
  return { user, group: group || (!user && (yield* changeOwner(fd, -1, gid, pending))) };
}

function* changeOwner(fd: number, uid: number, gid: number, { settings }: TempPending): Steps<boolean> {
  try {
    yield* call((fs) => fs.fchown(fd, uid, gid));
    return true;
  } catch (error) {
    if (settings.preserveOwner === true || !isUnsupported(errorCode(error))) throw error;
    return false;
  }
}

export function* giveMode(fd: number, pending: TempPending, kept: KeptOwner): Steps<void> {
  const { settings } = pending;
  const mode = yield* finalMode(pending, kept);
  // Windows knows only whether a file may be written, which a new one may.
  if (!platformOf(settings.host.platform).hasOwners && (mode & 0o200) !== 0) return;
  try {
    yield* call((fs) => fs.fchmod(fd, mode));
  } catch (error) {
    // A file system without modes (FAT) shows the same for every file.
    if (!isUnsupported(errorCode(error)) || isMarked(yield* call((fs) => fs.fstat(fd)))) throw error;
  }
}

function* finalMode(pending: TempPending, kept: KeptOwner): Steps<number> {
  const { settings } = pending;
  const replaced = replacedStats(pending);
  if (settings.mode === undefined && settings.preserveMode && replaced !== undefined) {
    return restrict(Number(replaced.mode) & permissionBits, kept);
  }
  return (settings.mode ?? 0o666) & ~(yield* call((fs) => fs.umask()));
}

/** Rights that were meant for one user or group must not pass to another. */
function restrict(mode: number, kept: KeptOwner): number {
  let restricted = mode;
  if (!kept.user) restricted &= ~0o4000;
  if (!kept.group) restricted &= ~0o2070 | ((mode & 0o007) << 3);
  return restricted;
}

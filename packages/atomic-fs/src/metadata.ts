import { errorCode } from './errors.ts';
import type { Pending } from './pending.ts';
import { type Steps, call } from './steps.ts';

const permissionBits = 0o7777;

/** The mode of the published file: as asked, else as the replaced file had it, else the default. */
export function* finalMode({ settings, target }: Pending): Steps<number> {
  if (settings.mode === undefined && settings.preserveMode && target.stats !== undefined) {
    return Number(target.stats.mode) & permissionBits;
  }
  return (settings.mode ?? 0o666) & ~(yield* call((fs) => fs.umask()));
}

/** Gives the new file the owner of the replaced one. Comes before the mode: chown clears setuid. */
export function* giveOwner(fd: number, { settings, target }: Pending): Steps<void> {
  if (target.stats === undefined || settings.preserveOwner === false) return;
  const uid = Number(target.stats.uid);
  const gid = Number(target.stats.gid);
  if (uid === process.geteuid?.() && gid === process.getegid?.()) return;
  try {
    yield* call((fs) => fs.fchown(fd, uid, gid));
  } catch (error) {
    if (settings.preserveOwner === true || errorCode(error) !== 'EPERM') throw error;
  }
}

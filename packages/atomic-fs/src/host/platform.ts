/** Everything in which the operating systems differ, as data, so that a test can play any of them. */
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';

import type { AtomicWriteErrorCode } from '../error-codes.ts';

export interface Platform {
  /** The longest name of a file, in the unit of `nameLength`. */
  readonly nameLimit: number;
  nameLength(name: string): number;
  /** How long a replacement that the system refuses for the moment is tried again, in milliseconds. */
  readonly retryTimeout: { readonly async: number; readonly sync: number };
  /** Whether a directory can be opened and synced. */
  readonly syncsDirectories: boolean;
  /** Whether files have an owner, a group and permission bits. */
  readonly hasOwners: boolean;
  /** The flags to open a file with that is to be synced only. */
  readonly syncFlags: number;
  /** Whether `/proc` tells which process has which file open. */
  readonly hasProc: boolean;
  /** Whether a path leads to something that only looks like a file, whatever its type says. */
  isDevicePath(path: string): boolean;
  /** Whether a file can never be replaced, so that trying again is in vain. */
  refusesReplacement(target: BigIntStats): boolean;
}

const posix: Platform = {
  nameLimit: 255,
  nameLength: (name) => Buffer.byteLength(name),
  // A rename does not mind open files; what it refuses (a mount point, say) it refuses for good.
  retryTimeout: { async: 0, sync: 0 },
  syncsDirectories: true,
  hasOwners: true,
  syncFlags: constants.O_RDONLY,
  hasProc: false,
  isDevicePath: () => false,
  refusesReplacement: (target) => target.isDirectory(),
};

const linux: Platform = {
  ...posix,
  hasProc: true,
  isDevicePath: (path) => /^\/(?:proc|sys)\//.test(path),
};

const windows: Platform = {
  nameLimit: 255,
  nameLength: (name) => name.length,
  // A virus scanner or an indexer that has the target open makes MoveFileExW fail for a while.
  // Blocking, the wait is short: the handle may be one that this very thread has to close.
  retryTimeout: { async: 10_000, sync: 1000 },
  syncsDirectories: false,
  hasOwners: false,
  // FlushFileBuffers needs a handle with write access.
  syncFlags: constants.O_RDWR,
  hasProc: false,
  isDevicePath: (path) => path.startsWith('\\\\.\\'),
  refusesReplacement: (target) => target.isDirectory() || (target.mode & 0o222n) === 0n,
};

export function platformOf(name: NodeJS.Platform): Platform {
  if (name === 'win32') return windows;
  return name === 'linux' || name === 'android' ? linux : posix;
}

/** What a file system says that cannot do a thing at all, rather than failing at it. */
const unsupported: ReadonlySet<AtomicWriteErrorCode> = new Set<AtomicWriteErrorCode>([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EPERM',
]);

export const isUnsupported = (code: AtomicWriteErrorCode): boolean => unsupported.has(code);

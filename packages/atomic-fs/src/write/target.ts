/** Which file a path means: absolute, behind its symbolic links, and what kind of file it is. */
import type { BigIntStats } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { AtomicWriteError, badOption } from '../errors.ts';
import type { Settings } from '../options.ts';
import { platformOf } from '../host/platform.ts';
import { type Steps, call } from '../host/steps.ts';

export interface Target {
  readonly path: string;
  /** What is there now, if anything: never a symbolic link, unless links are not to be followed. */
  readonly stats: BigIntStats | undefined;
  /** Set if the path means a descriptor that this process has open already. */
  readonly descriptor?: number;
}

const maxLinks = 40;

/**
 * Makes a path absolute, so that a later `chdir` does not move the target.
 *
 * A `..` after a symbolic link to a directory leads to where that directory is, not to where the
 * link is, so only the kernel may resolve it.
 */
export function absolutePath(given: string | URL | Uint8Array): string {
  const text = pathText(given);
  if (text === '') throw badOption('The path is empty');
  if (text.includes('\0')) throw badOption('The path has a null byte');
  if (path.sep === '\\') return path.resolve(text);
  const full = text.startsWith('/') ? text : `${process.cwd()}/${text}`;
  return full.split('/').includes('..') ? full : path.normalize(full);
}

function pathText(given: string | URL | Uint8Array): string {
  if (typeof given === 'string') return given;
  if (given instanceof URL) {
    if (given.protocol !== 'file:') throw badOption(`${given.href} is not the URL of a file`);
    return fileURLToPath(given);
  }
  if (given instanceof Uint8Array) {
    const text = Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString();
    if (Buffer.from(text).equals(given)) return text;
    throw badOption('The path is not valid UTF-8, which this package cannot handle');
  }
  throw badOption(`The path must be a string, a file URL or a Buffer, not ${typeof given}`);
}

/** Follows the links, which may dangle; their last target is the file to create or replace. */
export function* findTarget(
  start: string,
  settings: Pick<Settings, 'host' | 'followSymlinks' | 'flag'>,
): Steps<Target> {
  const platform = platformOf(settings.host.platform);
  // Exclusive creation refuses every link, even one that leads nowhere, as O_EXCL does.
  const follow = settings.followSymlinks && settings.flag === 'w';
  let at = start;
  for (let links = 0; links <= maxLinks; links++) {
    const descriptor = standardDescriptor(at);
    if (descriptor !== undefined) return { path: at, stats: undefined, descriptor };
    const file = at;
    const stats = yield* call((fs) => fs.lstat(file));
    if (stats?.isSymbolicLink() !== true || platform.isDevicePath(at)) return { path: at, stats };
    if (!follow && !at.startsWith('/dev/')) return { path: at, stats };
    const text = yield* call((fs) => fs.readlink(file));
    // Not normalized: a relative link counts from where the directory of the link really is.
    at = path.isAbsolute(text) ? text : path.dirname(file) + path.sep + text;
  }
  throw new AtomicWriteError(`${start} leads through more than ${maxLinks} symbolic links`, {
    code: 'ELOOP',
    syscall: 'readlink',
    path: start,
  });
}

const standardStreams: ReadonlyMap<string, number> = new Map([
  ['/dev/stdin', 0],
  ['/dev/stdout', 1],
  ['/dev/stderr', 2],
]);

/**
 * Opening such a path anew would lose the position and the append mode of the descriptor, and fails
 * if it is a socket. `stat` says no more than what it was redirected to, such as a regular file.
 */
function standardDescriptor(file: string): number | undefined {
  const numbered = /^\/(?:dev|proc\/(?:self|thread-self))\/fd\/(\d+)$/.exec(file)?.[1];
  return numbered === undefined ? standardStreams.get(file) : Number(numbered);
}

/** Raises what can be known before anything is written. */
export function refuseTarget(target: Target, settings: Settings): void {
  const { path: file, stats } = target;
  if (stats?.isDirectory() === true || file.endsWith(path.sep)) {
    throw new AtomicWriteError(`${file} is a directory`, { code: 'EISDIR', path: file });
  }
  if (settings.flag === 'wx' && stats !== undefined) {
    throw new AtomicWriteError(`${file} exists already`, { code: 'EEXIST', path: file });
  }
}

/** Whether a target is to be written to as it is, because replacing it would make it something else. */
export function isSpecial({ path: file, stats, descriptor }: Target, settings: Settings): boolean {
  if (descriptor !== undefined || platformOf(settings.host.platform).isDevicePath(file)) return true;
  return stats !== undefined && !stats.isFile() && !stats.isSymbolicLink();
}

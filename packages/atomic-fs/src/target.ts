import type { BigIntStats } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { AtomicWriteError, badOption, errorCode } from './errors.ts';
import { type Steps, call } from './steps.ts';

/** The file that will be replaced: absolute, behind every symbolic link, and what it is now. */
export interface Target {
  readonly path: string;
  /** Undefined if there is nothing yet. */
  readonly stats: BigIntStats | undefined;
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
  if (path.sep === '\\') return path.resolve(text);
  const full = text.startsWith('/') ? text : `${process.cwd()}/${text}`;
  const names = full.split('/');
  return names.includes('..') || full.endsWith('/') ? full : path.normalize(full);
}

function pathText(given: string | URL | Uint8Array): string {
  if (typeof given === 'string') return given;
  if (given instanceof URL) return fileURLToPath(given);
  if (given instanceof Uint8Array) {
    const text = Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString();
    if (Buffer.from(text).equals(given)) return text;
    throw badOption('The path is not valid UTF-8, which this package cannot handle');
  }
  throw badOption(`The path must be a string, a file URL or a Buffer, not ${typeof given}`);
}

/** Follows the links, which may dangle; their last target is the file to create or replace. */
export function* findTarget(start: string): Steps<Target> {
  let at = start;
  for (let links = 0; links <= maxLinks; links++) {
    const stats = yield* lstatIfThere(at);
    if (stats?.isSymbolicLink() !== true) return { path: at, stats };
    const link = at;
    const text = yield* call((fs) => fs.readlink(link));
    at = path.isAbsolute(text) ? text : path.dirname(at) + path.sep + text;
  }
  throw new AtomicWriteError(`${start} leads through more than ${maxLinks} symbolic links`, {
    code: 'ELOOP',
    syscall: 'readlink',
    path: start,
  });
}

export function* lstatIfThere(file: string): Steps<BigIntStats | undefined> {
  try {
    return yield* call((fs) => fs.lstat(file));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function refuseDirectory(target: Target): void {
  if (target.stats?.isDirectory() !== true && !target.path.endsWith('/')) return;
  throw new AtomicWriteError(`${target.path} is a directory`, { code: 'EISDIR', path: target.path });
}

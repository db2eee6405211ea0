import type { BigIntStats } from 'node:fs';
import path from 'node:path';

import { isSameFile, removeIf } from './cleanup/identity.ts';
import { AtomicWriteError, abortError, explain } from './errors.ts';
import { closing } from './host/closing.ts';
import { platformOf } from './host/platform.ts';
import { type Steps, call, runAsync, runSync } from './host/steps.ts';
import { type PathLike, type ReplaceOptions, type ReplaceSettings, parseReplaceOptions } from './options.ts';
import { renamePatiently } from './rename/rename.ts';
import { syncDirectory } from './rename/sync-directory.ts';
import { warn } from './warnings.ts';
import { absolutePath } from './write/target.ts';

/**
 * Moves a finished file over another, as `os.replace` of Python does: the last step of a write alone.
 * Makes its content durable before and its name after, as `durability` says. Follows no links.
 *
 * @throws {AtomicWriteError} EXDEV if the two are on different file systems.
 */
export async function replace(from: PathLike, to: PathLike, options?: ReplaceOptions): Promise<void> {
  const settings = parseReplaceOptions(options, 'async');
  await runAsync(settings.host.async, replaceFile(absolutePath(from), absolutePath(to), settings));
}

/** As {@link replace}, blocking. */
export function replaceSync(from: PathLike, to: PathLike, options?: ReplaceOptions): void {
  const settings = parseReplaceOptions(options, 'sync');
  runSync(settings.host.sync, replaceFile(absolutePath(from), absolutePath(to), settings));
}

function* replaceFile(from: string, to: string, settings: ReplaceSettings): Steps<void> {
  const { durability, signal } = settings;
  let committed = false;
  try {
    const source = yield* call((fs) => fs.lstat(from));
    if (source === undefined)
      throw new AtomicWriteError(`${from} is not there`, { code: 'ENOENT', path: to });
    refuseSpecial(to, yield* call((fs) => fs.lstat(to)));
    if (durability !== 'none' && source.isFile()) yield* syncFile(from, settings);
    if (signal?.aborted === true) throw abortError(signal, { path: to });
    yield* move(from, to, source, settings);
    committed = true;
    if (durability === 'full') {
      const directories = new Set([path.dirname(to), path.dirname(from)]);
      for (const directory of directories) yield* syncDirectory(directory, settings);
    }
  } catch (error) {
    throw explain(error, { path: to, committed });
  }
}

/** A pipe or a device that is replaced is one no more. */
export function refuseSpecial(file: string, stats: BigIntStats | undefined): void {
  if (stats === undefined || stats.isFile() || stats.isDirectory() || stats.isSymbolicLink()) return;
  throw new AtomicWriteError(`${file} is a pipe, a socket or a device`, { code: 'ENOTSUP', path: file });
}

function* syncFile(file: string, { host }: ReplaceSettings): Steps<void> {
  const fd = yield* call((fs) => fs.open(file, platformOf(host.platform).syncFlags, 0));
  yield* closing(
    fd,
    call((fs) => fs.fsync(fd)),
  );
}

function* move(from: string, to: string, source: BigIntStats, settings: ReplaceSettings): Steps<void> {
  if (settings.flag === 'wx') {
    yield* call((fs) => fs.link(from, to));
    yield* removeOldName(from, to, source, settings);
    return;
  }
  yield* renamePatiently(from, { path: to }, settings, function* unverified() {});
  // Between two names of one file a rename does nothing, and the old name stays.
  if (source.nlink > 1n && !(yield* isSameEntry(from, to))) yield* removeOldName(from, to, source, settings);
}

/** What was to be done is done by then: a name too many is no failure. */
function* removeOldName(
  from: string,
  to: string,
  source: BigIntStats,
  settings: ReplaceSettings,
): Steps<void> {
  try {
    yield* removeIf(from, (found) => isSameFile(found, source));
  } catch (error) {
    warn(settings, 'TEMP_LEFT', `${to} is in place, but ${from} could not be removed`, error);
  }
}

/** Whether two paths are, or on some file system may be, the same name in the same directory. */
function* isSameEntry(one: string, other: string): Steps<boolean> {
  if (foldedName(one) !== foldedName(other)) return false;
  const directory = yield* call((fs) => fs.stat(path.dirname(one)));
  return isSameFile(directory, yield* call((fs) => fs.stat(path.dirname(other))));
}

const foldedName = (file: string): string => path.basename(file).normalize('NFKC').toLowerCase();

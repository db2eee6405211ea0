import path from 'node:path';

import { type Patience, type Temp, isAbandoned } from './cleanup/abandoned.ts';
import { isUnchanged, removeIf } from './cleanup/identity.ts';
import { abortError, explain } from './errors.ts';
import { type Steps, call, runAsync, runSync } from './host/steps.ts';
import { type PathLike, type SweepOptions, type SweepSettings, parseSweepOptions } from './options.ts';
import { isStemOf, nameTemp, parseTempName } from './temp-name/temp-name.ts';
import { warn } from './warnings.ts';
import { isMarked } from './write/create-temp.ts';
import { absolutePath, findTarget } from './write/target.ts';

/** A temp whose writer cannot be asked after (another machine, another container) is given an hour. */
const unknownPatience = 3_600_000;

/**
 * Removes the temps that dead writers left, and gives their paths.
 *
 * In a directory these are the files with a token in their name, and files `<name>.tmp` that still
 * are as writers of this package create them; a `<name>.tmp` that its writer had finished, or one on
 * a system without `/proc`, only goes if its target is named. A file that any visible process has
 * open stays. Processes in other containers and on other machines are not visible: where those
 * share the directory, use `tempName: 'unique'`, whose temps are left alone for an hour, or `minAge`.
 *
 * @param dirOrTarget A directory, or the file that was to be written.
 * @returns Absolute paths, in order.
 * @throws {AtomicWriteError} If the directory cannot be read. A temp that cannot be removed is a warning.
 */
export async function sweep(dirOrTarget: PathLike, options?: SweepOptions): Promise<string[]> {
  const settings = parseSweepOptions(options);
  const start = absolutePath(dirOrTarget);
  try {
    const swept = await runAsync(settings.host.async, sweepPath(start, settings));
    return swept.toSorted();
  } catch (error) {
    throw explain(error, { path: start });
  }
}

function* sweepPath(start: string, settings: SweepSettings): Steps<string[]> {
  const target = yield* findTarget(start, { host: settings.host, followSymlinks: true, flag: 'w' });
  if (target.stats?.isDirectory() === true) return yield* sweepDirectory(target.path, settings);
  const directory = path.dirname(target.path);
  const base = path.basename(target.path);
  const fixed = path.basename(yield* nameTemp(target.path, 'suffix', settings.host));
  const removed: string[] = [];
  for (const name of yield* call((fs) => fs.readdir(directory))) {
    const parsed = parseTempName(name);
    const isOfTarget = parsed?.writer === undefined ? name === fixed : isStemOf(parsed.stem, base);
    if (!isOfTarget) continue;
    const file = path.join(directory, name);
    const stats = yield* call((fs) => fs.lstat(file));
    if (stats !== undefined && (yield* sweepTemp({ path: file, stats, writer: parsed?.writer }, settings))) {
      removed.push(file);
    }
  }
  return removed;
}

function* sweepDirectory(directory: string, settings: SweepSettings): Steps<string[]> {
  const removed: string[] = [];
  for (const name of yield* call((fs) => fs.readdir(directory))) {
    const parsed = parseTempName(name);
    if (parsed === undefined && !settings.recursive) continue;
    const file = path.join(directory, name);
    const stats = yield* call((fs) => fs.lstat(file));
    if (stats?.isDirectory() === true && settings.recursive) {
      removed.push(...(yield* sweepDirectory(file, settings)));
    } else if (
      stats !== undefined &&
      parsed !== undefined &&
      (parsed.writer !== undefined || isMarked(stats))
    ) {
      if (yield* sweepTemp({ path: file, stats, writer: parsed.writer }, settings)) removed.push(file);
    }
  }
  return removed;
}

function* sweepTemp(temp: Temp, settings: SweepSettings): Steps<boolean> {
  const { host, signal, minAge, dryRun } = settings;
  if (signal?.aborted === true) throw abortError(signal, { path: temp.path });
  const patience: Patience = { always: minAge ?? 0, whenUnknown: minAge ?? unknownPatience };
  try {
    if (!(yield* isAbandoned(temp, patience, host))) return false;
    // Blocking: see removeLeftover.
    return (
      dryRun ||
      runSync(
        host.sync,
        removeIf(temp.path, (last) => isUnchanged(temp.stats, last)),
      )
    );
  } catch (error) {
    warn(settings, 'TEMP_LEFT', `${temp.path} could not be removed`, error);
    return false;
  }
}

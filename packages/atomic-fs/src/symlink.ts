import { type Identity, isSameFile, removeIf } from './cleanup/identity.ts';
import { enlist, strike } from './cleanup/live-temps.ts';
import { AtomicWriteError, abortError, badOption, errorCode, explain } from './errors.ts';
import { type Steps, call, runAsync } from './host/steps.ts';
import { type PathLike, type ReplaceOptions, type ReplaceSettings, parseReplaceOptions } from './options.ts';
import path from 'node:path';

import { renamePatiently } from './rename/rename.ts';
import { syncDirectory } from './rename/sync-directory.ts';
import { refuseSpecial } from './replace.ts';
import { nameTemp } from './temp-name/temp-name.ts';
import { warn } from './warnings.ts';
import { absolutePath } from './write/target.ts';

/**
 * Makes `link` a symbolic link to `target`, or turns one that is there to a new target: readers see
 * the old link or the new one, never none. A file at `link` is replaced as well.
 *
 * @param target May dangle; if relative, it counts from the directory of `link`.
 * @throws {AtomicWriteError} EISDIR if `link` is a directory.
 */
export async function symlink(target: string | URL, link: PathLike, options?: ReplaceOptions): Promise<void> {
  const settings = parseReplaceOptions(options, 'async');
  const text = target instanceof URL ? absolutePath(target) : target;
  if (typeof text !== 'string' || text === '') throw badOption('The target of a link must be a path');
  await runAsync(settings.host.async, placeLink(text, absolutePath(link), settings));
}

function* placeLink(target: string, link: string, settings: ReplaceSettings): Steps<void> {
  const { signal, flag, durability } = settings;
  let committed = false;
  try {
    refuseSpecial(link, yield* call((fs) => fs.lstat(link)));
    if (signal?.aborted === true) throw abortError(signal, { path: link });
    if (flag === 'wx') yield* call((fs) => fs.symlink(target, link, undefined));
    else yield* flipLink(target, link, settings);
    committed = true;
    if (durability === 'full') yield* syncDirectory(path.dirname(link), settings);
  } catch (error) {
    throw explain(error, { path: link, committed });
  }
}

function* flipLink(target: string, link: string, settings: ReplaceSettings): Steps<void> {
  const temp = yield* createLink(target, link, settings);
  const identity = yield* call((fs) => fs.lstat(temp));
  if (identity === undefined)
    throw new AtomicWriteError(`${temp} is gone`, { code: 'TEMP_CHANGED', path: link });
  enlist({ path: temp, host: settings.host, isOurs: (found) => isSameFile(found, identity) });
  try {
    yield* renamePatiently(temp, { path: link }, settings, function* unverified() {});
  } catch (error) {
    yield* removeQuietly(temp, identity, settings);
    throw error;
  } finally {
    strike(temp);
  }
}

function* removeQuietly(temp: string, identity: Identity, settings: ReplaceSettings): Steps<void> {
  try {
    yield* removeIf(temp, (found) => isSameFile(found, identity));
  } catch (error) {
    warn(settings, 'TEMP_LEFT', `${temp} could not be removed`, error);
  }
}

function* createLink(target: string, link: string, { host }: ReplaceSettings): Steps<string> {
  for (;;) {
    const temp = yield* nameTemp(link, 'unique', host);
    try {
      yield* call((fs) => fs.symlink(target, temp, undefined));
      return temp;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

import type { BigIntStats } from 'node:fs';
import path from 'node:path';

import { type Identity, isSameFile, isUnchanged, removeIf } from './cleanup/identity.ts';
import { enlist, strike } from './cleanup/live-temps.ts';
import { AtomicWriteError, abortError, badOption, errorCode, explain } from './errors.ts';
import { type Steps, call, runAsync, runSync } from './host/steps.ts';
import { type PathLike, type ReplaceOptions, type ReplaceSettings, parseReplaceOptions } from './options.ts';
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
  let found: FoundLink | undefined;
  try {
    refuseSpecial(link, yield* call((fs) => fs.lstat(link)));
    if (signal?.aborted === true) throw abortError(signal, { path: link });
    if (flag === 'wx') yield* call((fs) => fs.symlink(target, link, undefined));
    else found = yield* flipLink(target, link, settings);
    committed = true;
    if (durability === 'full') yield* syncDirectory(path.dirname(link), settings);
  } catch (error) {
    throw explain(error, { path: link, committed });
  }
  if (found !== undefined) yield* removeLeftoverLink(found, settings);
}

function* flipLink(target: string, link: string, settings: ReplaceSettings): Steps<FoundLink | undefined> {
  const { path: temp, found } = yield* createLink(target, link, settings);
  const identity = yield* identify(temp, link, settings);
  enlist({ path: temp, host: settings.host, isOurs: (now) => isSameFile(now, identity) });
  try {
    yield* renamePatiently(temp, { path: link }, settings, function* unverified() {});
  } catch (error) {
    yield* removeQuietly(temp, (now) => isSameFile(now, identity), settings);
    throw error;
  } finally {
    strike(temp);
  }
  return found;
}

function* identify(temp: string, link: string, settings: ReplaceSettings): Steps<Identity> {
  let identity: Identity | undefined;
  try {
    identity = yield* call((fs) => fs.lstat(temp));
  } catch (error) {
    // Made exclusively a moment ago, so it is ours, whatever cannot be known of it.
    yield* removeQuietly(temp, () => true, settings);
    throw error;
  }
  if (identity !== undefined) return identity;
  throw new AtomicWriteError(`${temp} is gone`, { code: 'TEMP_CHANGED', path: link });
}

function* removeQuietly(
  temp: string,
  isOurs: (found: BigIntStats) => boolean,
  settings: ReplaceSettings,
): Steps<void> {
  try {
    yield* removeIf(temp, isOurs);
  } catch (error) {
    warn(settings, 'TEMP_LEFT', `${temp} could not be removed`, error);
  }
}

/** The link that had the name `<link>.tmp` already. */
interface FoundLink {
  readonly path: string;
  readonly stats: BigIntStats;
}

interface CreatedLink {
  readonly path: string;
  readonly found: FoundLink | undefined;
}

function* createLink(target: string, link: string, { host }: ReplaceSettings): Steps<CreatedLink> {
  let tempName: 'suffix' | 'unique' = 'suffix';
  let found: FoundLink | undefined;
  for (;;) {
    const temp = yield* nameTemp(link, tempName, host);
    try {
      yield* call((fs) => fs.symlink(target, temp, undefined));
      return { path: temp, found };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    if (tempName === 'suffix') {
      const stats = yield* call((fs) => fs.lstat(temp));
      // A file there belongs to a writer of files, who looks after it.
      if (stats?.isSymbolicLink() === true) found = { path: temp, stats };
    }
    tempName = 'unique';
  }
}

/** Milliseconds. Making a link and renaming it takes far less, so one that lies still has no writer. */
const stillTime = 1000;

/** Removes what a killed run left, if it lies still. Whatever comes of it, the link has been flipped. */
function* removeLeftoverLink({ path: temp, stats }: FoundLink, settings: ReplaceSettings): Steps<void> {
  try {
    const age = (yield* call((fs) => fs.time())) - Number(stats.ctimeMs);
    if (age < stillTime) yield* call((fs) => fs.sleep(stillTime - Math.max(0, age), undefined));
    if (
      !runSync(
        settings.host.sync,
        removeIf(temp, (now) => isUnchanged(stats, now)),
      )
    )
      return;
    warn(settings, 'LEFTOVER_REMOVED', `${temp}, which an interrupted run had left, was removed`);
  } catch (error) {
    warn(settings, 'TEMP_LEFT', `${temp}, which an interrupted run had left, could not be removed`, error);
  }
}

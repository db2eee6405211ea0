/** What temps are called, and which target a temp belongs to. */
import path from 'node:path';

import { badOption } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { nodeHost } from '../host/node-host.ts';
import type { TempName } from '../options.ts';
import { platformOf } from '../host/platform.ts';
import { type Steps, runSync } from '../host/steps.ts';
import { type Writer, currentWriter, makeToken, readToken, shortHash } from './token.ts';

const ending = '.tmp';
const hashLength = 12;

/**
 * The path that a file is written to before it takes the place of `target`, in the same directory.
 *
 * A writer that finds the name taken uses a unique one instead. `unique` gives another one each
 * time. A name that would be too long for the file system is cut and gets a hash of the whole.
 *
 * @param strategy Default `suffix`: `<target>.tmp`.
 * @throws {AtomicWriteError} BAD_OPTION if a function names no path, or the target itself.
 */
export function tempPathFor(target: string, strategy: TempName = 'suffix'): string {
  return runSync(nodeHost.sync, nameTemp(target, strategy, nodeHost));
}

/** @param shorter For a file system whose limit is lower than usual: no longer than the target's own name. */
export function* nameTemp(target: string, strategy: TempName, host: Host, shorter = false): Steps<string> {
  const directory = path.dirname(target);
  if (typeof strategy === 'function') {
    const given: unknown = strategy(target);
    if (typeof given !== 'string' || given === '') throw badOption('Option tempName named no path', target);
    const named = path.resolve(directory, given);
    if (named === path.resolve(target)) throw badOption('Option tempName named the target itself', target);
    return named;
  }
  const base = path.basename(target);
  const platform = platformOf(host.platform);
  const limit = shorter ? platform.nameLength(base) : platform.nameLimit;
  const inDirectory = (name: string) => target.slice(0, target.lastIndexOf(base)) + name;
  if (strategy === 'suffix') return inDirectory(stemOf(base, ending.length, limit, host) + ending);
  const writer = yield* currentWriter(host);
  const stem = stemOf(base, makeToken(writer, '').length + 1 + ending.length, limit, host);
  return inDirectory(`${stem}.${makeToken(writer, stem)}${ending}`);
}

/** The name of the target as the names of its temps begin: whole if there is room for `rest` after it. */
function stemOf(base: string, rest: number, limit: number, host: Host): string {
  const platform = platformOf(host.platform);
  if (platform.nameLength(base) + rest <= limit) return base;
  const hash = `.${shortHash(base, hashLength)}`;
  let kept = '';
  for (const character of base) {
    if (platform.nameLength(kept + character) + hash.length + rest > limit) break;
    kept += character;
  }
  return kept + hash;
}

export interface ParsedTempName {
  /** The name of the target, or the beginning of it and a hash. */
  readonly stem: string;
  /** For unique names. */
  readonly writer: Writer | undefined;
}

/** Reads the name of a temp. Whether a `<name>.tmp` without a token is one of ours, it cannot tell. */
export function parseTempName(name: string): ParsedTempName | undefined {
  if (!name.endsWith(ending) || name.length === ending.length) return undefined;
  const rest = name.slice(0, -ending.length);
  const dot = rest.lastIndexOf('.');
  const stem = rest.slice(0, Math.max(dot, 0));
  const writer = dot > 0 ? readToken(rest.slice(dot + 1), stem) : undefined;
  return writer === undefined ? { stem: rest, writer } : { stem, writer };
}

/** Whether a temp of that stem belongs to the target called `base`. */
export function isStemOf(stem: string, base: string): boolean {
  if (stem === base) return true;
  const dot = stem.lastIndexOf('.');
  return base.startsWith(stem.slice(0, dot)) && stem.slice(dot + 1) === shortHash(base, hashLength);
}

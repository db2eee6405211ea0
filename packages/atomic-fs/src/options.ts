import { badOption } from './errors.ts';
import type { Host } from './host/host.ts';
import { nodeHost } from './host/node-host.ts';
import { platformOf } from './host/platform.ts';
import type { AtomicWriteWarning } from './warnings.ts';

/** What has reached the disk when the call resolves: see the README for the cost of each. */
export type Durability = 'full' | 'data' | 'none';

/**
 * How a temp is named: `suffix` is `<target>.tmp`, `unique` is `<target>.<token>.tmp`, and a
 * function gives a path, relative ones being taken from the directory of the target. Outside of
 * that file system the temp cannot take the place of the target (EXDEV).
 */
export type TempName = 'suffix' | 'unique' | ((target: string) => string);

/** A path, a `file:` URL, or a Buffer with a path in UTF-8. */
export type PathLike = string | URL | Uint8Array;

export interface ReplaceOptions {
  /**
   * `full` (the default): the content and the directory entry survive a power cut. `data`: the
   * content does, the old file may come back. `none`: neither is promised.
   */
  readonly durability?: Durability | undefined;
  /** `w` (the default) replaces the file; `wx` raises EEXIST if there is one. */
  readonly flag?: 'w' | 'wx' | undefined;
  /** Aborts at every stage before the publishing. */
  readonly signal?: AbortSignal | undefined;
  /**
   * For how many milliseconds a replacement refused with EPERM, EACCES or EBUSY is tried again.
   * Default on Windows 10,000, in blocking calls 1000; elsewhere 0.
   */
  readonly retryTimeout?: number | undefined;
  /** Told of what did not make the call fail, instead of the process' `warning` event. */
  readonly onWarning?: ((warning: AtomicWriteWarning) => void) | undefined;
}

export interface Options extends ReplaceOptions {
  /** Default `suffix`. */
  readonly tempName?: TempName | undefined;
  /**
   * What to do when the name of the temp is taken: `recover` (the default) writes under a unique
   * name and removes the temp of a dead writer after publishing; `error` raises EEXIST.
   */
  readonly onTempExists?: 'recover' | 'error' | undefined;
  /**
   * Permission bits, from which the umask is taken as Node.js does; text is octal, as there. Default:
   * those of the replaced file, else 0o666.
   */
  readonly mode?: number | string | undefined;
  /**
   * What to keep of the replaced file. Default `{ mode: true, owner: 'try' }`: where the owner
   * cannot be kept, the rights that only the owner or the group had are not given to another.
   */
  readonly preserve?:
    | { readonly mode?: boolean | undefined; readonly owner?: boolean | 'try' | undefined }
    | undefined;
  /** Default true: a symbolic link survives, and the file it leads to is replaced. */
  readonly followSymlinks?: boolean | undefined;
  /**
   * `in-place`: where a rename cannot work (a mounted file, a directory that may not be written),
   * the target is rewritten from the whole temp. That is not atomic. Default `none`.
   */
  readonly fallback?: 'none' | 'in-place' | undefined;
  /** Encoding of strings. Default `utf8`. */
  readonly encoding?: BufferEncoding | null | undefined;
}

/** The options with every default filled in. Nothing here is ever changed. */
export interface ReplaceSettings {
  readonly host: Host;
  readonly durability: Durability;
  readonly flag: 'w' | 'wx';
  readonly signal: AbortSignal | undefined;
  readonly retryTimeout: number;
  readonly onWarning: ((warning: AtomicWriteWarning) => void) | undefined;
}

export interface Settings extends ReplaceSettings {
  readonly tempName: TempName;
  readonly onTempExists: 'recover' | 'error';
  readonly mode: number | undefined;
  readonly preserveMode: boolean;
  readonly preserveOwner: boolean | 'try';
  readonly followSymlinks: boolean;
  readonly fallback: 'none' | 'in-place';
  readonly encoding: BufferEncoding;
}

const hostKey = Symbol('@x/atomic-fs host');

/** The same options for a call that is to run on `host` instead of node:fs. */
export function withHost<O extends object>(host: Host, options: O): O {
  return Object.assign({}, options, { [hostKey]: host });
}

interface Hosted {
  readonly [hostKey]?: Host;
}

function hostOf(options: object): Host {
  const hosted: Hosted = options;
  return hosted[hostKey] ?? nodeHost;
}

const replaceNames = new Set(['durability', 'flag', 'signal', 'retryTimeout', 'onWarning']);
const writeNames = new Set([
  ...replaceNames,
  'tempName',
  'onTempExists',
  'mode',
  'preserve',
  'followSymlinks',
  'fallback',
  'encoding',
]);
const preserveNames = new Set(['mode', 'owner']);

/** Reads the options once. A string stands for the encoding, as in node:fs. */
export function parseOptions(options: Options | BufferEncoding | null | undefined, way: Way): Settings {
  const given: Options = typeof options === 'string' ? { encoding: options } : (options ?? {});
  refuseUnknown(given, writeNames);
  const { tempName = 'suffix', preserve = {}, encoding } = given;
  refuseUnknown(preserve, preserveNames, 'preserve.');
  return {
    ...readReplaceOptions(given, way),
    tempName:
      typeof tempName === 'function'
        ? tempName
        : oneOf<'suffix' | 'unique'>('tempName', tempName, ['suffix', 'unique']),
    onTempExists: oneOf('onTempExists', given.onTempExists ?? 'recover', ['recover', 'error']),
    mode: given.mode === undefined ? undefined : readMode(given.mode),
    preserveMode: oneOf('preserve.mode', preserve.mode ?? true, [true, false]),
    preserveOwner: oneOf('preserve.owner', preserve.owner ?? 'try', [true, false, 'try']),
    followSymlinks: oneOf('followSymlinks', given.followSymlinks ?? true, [true, false]),
    fallback: oneOf('fallback', given.fallback ?? 'none', ['none', 'in-place']),
    encoding: readEncoding(encoding ?? 'utf8'),
  };
}

export interface WriteStreamOptions extends Options {
  /** Bytes that may wait in memory before `write()` returns false. Default 512 KiB. */
  readonly highWaterMark?: number | undefined;
}

export function parseStreamOptions(options: WriteStreamOptions | BufferEncoding | null | undefined): {
  readonly settings: Settings;
  readonly highWaterMark: number | undefined;
} {
  if (typeof options !== 'object' || options === null) {
    return { settings: parseOptions(options, 'async'), highWaterMark: undefined };
  }
  const { highWaterMark, ...rest } = options;
  return { settings: parseOptions(rest, 'async'), highWaterMark };
}

export interface SweepOptions {
  /**
   * Milliseconds that a temp must have lain unchanged. Default 0 where its writer is known to be
   * dead, and an hour where that cannot be known.
   */
  readonly minAge?: number | undefined;
  /** Also in the directories below, links not followed. Default false. */
  readonly recursive?: boolean | undefined;
  /** Tells what would be removed and removes nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((warning: AtomicWriteWarning) => void) | undefined;
}

const sweepNames = new Set(['minAge', 'recursive', 'dryRun', 'signal', 'onWarning']);

export interface SweepSettings extends Pick<Settings, 'host' | 'signal' | 'onWarning'> {
  readonly minAge: number | undefined;
  readonly recursive: boolean;
  readonly dryRun: boolean;
}

export function parseSweepOptions(options: SweepOptions | undefined): SweepSettings {
  const given = options ?? {};
  refuseUnknown(given, sweepNames);
  const { minAge, recursive = false, dryRun = false, signal, onWarning } = given;
  return {
    host: hostOf(given),
    minAge: minAge === undefined ? undefined : readMilliseconds('minAge', minAge),
    recursive: oneOf('recursive', recursive, [true, false]),
    dryRun: oneOf('dryRun', dryRun, [true, false]),
    signal: readSignal(signal),
    onWarning: readCallback('onWarning', onWarning),
  };
}

export function parseReplaceOptions(options: ReplaceOptions | undefined, way: Way): ReplaceSettings {
  const given = options ?? {};
  refuseUnknown(given, replaceNames);
  return readReplaceOptions(given, way);
}

type Way = 'async' | 'sync';

function readReplaceOptions(given: ReplaceOptions, way: Way): ReplaceSettings {
  const { signal, onWarning } = given;
  const host = hostOf(given);
  const { retryTimeout = platformOf(host.platform).retryTimeout[way] } = given;
  return {
    host,
    durability: oneOf('durability', given.durability ?? 'full', ['full', 'data', 'none']),
    flag: oneOf('flag', given.flag ?? 'w', ['w', 'wx']),
    signal: readSignal(signal),
    retryTimeout: readMilliseconds('retryTimeout', retryTimeout),
    onWarning: readCallback('onWarning', onWarning),
  };
}

function refuseUnknown(given: object, allowed: ReadonlySet<string>, prefix = ''): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badOption(`Options must be an object, not ${given === null ? 'null' : typeof given}`);
  }
  for (const name of Object.keys(given)) {
    if (!allowed.has(name)) {
      throw badOption(`Option ${prefix}${name} is unknown, allowed are ${[...allowed].join(', ')}`);
    }
  }
}

function oneOf<T extends string | boolean>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw badOption(`Option ${name} is ${String(value)}, allowed are ${allowed.map(String).join(', ')}`);
}

function readMode(mode: number | string): number {
  const bits = typeof mode === 'string' && /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : mode;
  if (Number.isInteger(bits) && (bits as number) >= 0 && (bits as number) <= 0o7777) return bits as number;
  throw badOption(`Option mode is ${String(mode)}, allowed are 0 to 0o7777`);
}

function readEncoding(encoding: BufferEncoding): BufferEncoding {
  if (Buffer.isEncoding(encoding)) return encoding;
  throw badOption(`Option encoding is ${String(encoding)}, which Node.js does not know`);
}

function readSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw badOption('Option signal is not an AbortSignal');
}

function readMilliseconds(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw badOption(`Option ${name} is ${String(value)}, allowed are milliseconds from 0 on`);
}

function readCallback<F>(name: string, callback: F): F {
  if (callback === undefined || typeof callback === 'function') return callback;
  throw badOption(`Option ${name} is a ${typeof callback}, not a function`);
}

import { badOption } from './errors.ts';
import type { Host } from './host.ts';
import { nodeHost } from './node-host.ts';

/** What has reached the disk when the call resolves: see the README for the cost of each. */
export type Durability = 'full' | 'data' | 'none';

/**
 * How a temp is named: `suffix` is `<target>.tmp`, `unique` is `<target>.<token>.tmp`, and a
 * function gives a path, relative ones being taken from the directory of the target.
 */
export type TempName = 'suffix' | 'unique' | ((target: string) => string);

export interface Options {
  /**
   * `full` (the default): the content and the directory entry survive a power cut. `data`: the
   * content does, the old file may come back. `none`: neither is promised.
   */
  readonly durability?: Durability | undefined;
  /** Default `suffix`. */
  readonly tempName?: TempName | undefined;
  /**
   * What to do when the name of the temp is taken: `recover` (the default) writes under a unique
   * name and removes the temp of a dead writer after publishing; `error` raises EEXIST.
   */
  readonly onTempExists?: 'recover' | 'error' | undefined;
  /** `w` (the default) replaces the file; `wx` raises EEXIST if there is one when publishing. */
  readonly flag?: 'w' | 'wx' | undefined;
  /** Permission bits, from which the umask is taken as Node.js does. Default: those of the replaced file, else 0o666. */
  readonly mode?: number | undefined;
  /** What to keep of the replaced file. Default `{ mode: true, owner: 'try' }`. */
  readonly preserve?:
    | { readonly mode?: boolean | undefined; readonly owner?: boolean | 'try' | undefined }
    | undefined;
  /** Aborts at every stage before the publishing. */
  readonly signal?: AbortSignal | undefined;
  /** Encoding of strings. Default `utf8`. */
  readonly encoding?: BufferEncoding | undefined;
}

/** The options with every default filled in. Nothing here is ever changed. */
export interface Settings {
  readonly host: Host;
  readonly durability: Durability;
  readonly tempName: TempName;
  readonly onTempExists: 'recover' | 'error';
  readonly flag: 'w' | 'wx';
  readonly mode: number | undefined;
  readonly preserveMode: boolean;
  readonly preserveOwner: boolean | 'try';
  readonly signal: AbortSignal | undefined;
  readonly encoding: BufferEncoding;
}

const hostKey = Symbol('@x/atomic-fs host');

type HostedOptions = Options & { readonly [hostKey]?: Host };

/** The same options for a call that is to run on `host` instead of node:fs. */
export function withHost(host: Host, options?: Options): Options {
  return Object.assign({}, options, { [hostKey]: host });
}

export function parseOptions(options: Options | BufferEncoding | null | undefined): Settings {
  const given: HostedOptions = typeof options === 'string' ? { encoding: options } : (options ?? {});
  if (typeof given !== 'object') throw badOption(`Options must be an object, not ${typeof given}`);
  const { tempName = 'suffix', mode, preserve = {}, signal, encoding = 'utf8' } = given;
  if (typeof tempName !== 'function') oneOf('tempName', tempName, ['suffix', 'unique']);
  if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= 0o7777)) {
    throw badOption(`Option mode is ${String(mode)}, allowed are 0 to 0o7777`);
  }
  if (!Buffer.isEncoding(encoding))
    throw badOption(`Option encoding is ${String(encoding)}, which is unknown`);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw badOption('Option signal is not an AbortSignal');
  }
  return {
    host: given[hostKey] ?? nodeHost,
    durability: oneOf('durability', given.durability ?? 'full', ['full', 'data', 'none']),
    tempName,
    onTempExists: oneOf('onTempExists', given.onTempExists ?? 'recover', ['recover', 'error']),
    flag: oneOf('flag', given.flag ?? 'w', ['w', 'wx']),
    mode,
    preserveMode: oneOf('preserve.mode', preserve.mode ?? true, [true, false]),
    preserveOwner: oneOf('preserve.owner', preserve.owner ?? 'try', [true, false, 'try']),
    signal,
    encoding,
  };
}

function oneOf<T extends string | boolean>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw badOption(`Option ${name} is ${String(value)}, allowed are ${allowed.map(String).join(', ')}`);
}

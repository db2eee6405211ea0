import { createRequire } from 'node:module';

import type { AnyFormat } from '@x/formats';

import { ConvertError } from '../errors.ts';
import { isFormat } from './is-format.ts';
import type { FormatSigns } from './format-signs.ts';

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const startsWith =
  (...beginnings: readonly string[]) =>
  (head: Uint8Array): boolean =>
    beginnings.some(
      (beginning) => Buffer.compare(head.subarray(0, beginning.length), ascii(beginning)) === 0,
    );

/** A text's first sign, in lower case and behind what may precede it. */
const opensWith =
  (pattern: RegExp) =>
  (head: Uint8Array): boolean =>
    pattern.test(new TextDecoder().decode(head.subarray(0, 1024)).trimStart().toLowerCase());

/** A ZIP archive that names this among its first entries. */
const zipWith =
  (entry: string) =>
  (head: Uint8Array): boolean =>
    startsWith('PK\u0003\u0004')(head) && Buffer.from(head).includes(entry);

/** A message with the length of its metadata, a schema as is usual: less than 16 MiB, and a multiple of 8. */
const isArrowStream = (head: Uint8Array): boolean =>
  startsWith('\u00ff\u00ff\u00ff\u00ff')(head) && head[7] === 0 && head[4]! % 8 === 0 && head.length > 8;

/**
 * Formats that live in packages of their own, `@x/format-NAME`, and what tells them: so a file is
 * recognized before its package is loaded, and where it is not installed.
 */
export const formatPackages: readonly FormatSigns[] = [
  { name: 'parquet', extensions: ['.parquet', '.pq'], isHead: startsWith('PAR1') },
  { name: 'arrow', extensions: ['.arrow', '.feather', '.ipc'], isHead: startsWith('ARROW1', 'FEA1') },
  { name: 'arrow-stream', package: 'arrow', extensions: ['.arrows'], isHead: isArrowStream },
  { name: 'avro', extensions: ['.avro'], isHead: startsWith('Obj\u0001') },
  {
    name: 'ods',
    extensions: ['.ods'],
    isHead: zipWith('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
  },
  { name: 'xlsx', extensions: ['.xlsx', '.xlsm'], isHead: zipWith('[Content_Types].xml') },
  { name: 'sqlite', extensions: ['.sqlite', '.sqlite3', '.db'], isHead: startsWith('SQLite format 3\u0000') },
  {
    name: 'html',
    extensions: ['.html', '.htm'],
    isHead: opensWith(/^(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b/),
  },
  { name: 'xml', extensions: ['.xml'], isHead: opensWith(/^<\?xml\b/) },
  { name: 'cbor', extensions: ['.cbor', '.cborseq'], isHead: startsWith('\u00d9\u00d9\u00f7') },
  { name: 'yaml', extensions: ['.yaml', '.yml'] },
  { name: 'msgpack', extensions: ['.msgpack', '.mpk'] },
  { name: 'bson', extensions: ['.bson'] },
  { name: 'toml', extensions: ['.toml'] },
  { name: 'fixed-width', extensions: ['.fwf'] },
  { name: 'geojson', extensions: ['.geojson'] },
];

/** The package that brings the format of that name. */
export function packageOf(name: string): string {
  return `@x/format-${formatPackages.find((signs) => signs.name === name)?.package ?? name}`;
}

/**
 * Whether there is a package of that format to install: it is among the optional peers of this
 * package, and nowhere else is there a list of them. Asked only when something has gone wrong.
 */
export function canBeInstalled(name: string): boolean {
  try {
    const { peerDependencies } = createRequire(import.meta.url)('@x/convert/package.json') as Manifest;
    return Object.hasOwn(peerDependencies, packageOf(name));
  } catch {
    // Bundled into a program of somebody else's, this file has no manifest above it.
    return false;
  }
}

interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/**
 * Loads a format from the package that is named after it: `@x/format-fixed-width` exports
 * `fixedWidth()`, which gives the format with its defaults.
 *
 * @returns Undefined where no such package is installed.
 * @throws {ConvertError} `FORMAT_UNUSABLE` where the package is there but does not load, or gives no format.
 */
export async function loadFormatPackage(name: string): Promise<AnyFormat | undefined> {
  // What comes from a file name or an option must not lead anywhere else.
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) return undefined;
  const specifier = packageOf(name);
  const unusable = (what: string, cause?: unknown): ConvertError =>
    new ConvertError('FORMAT_UNUSABLE', `${specifier} ${what}`, { format: name }, { cause });
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = (await import(specifier)) as typeof loaded;
  } catch (cause) {
    // What a package that is there lacks itself is not the same as its not being there.
    if (isMissing(cause, specifier)) return undefined;
    throw unusable(`cannot be loaded: ${String(cause)}`, cause);
  }
  const factory = loaded[name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())];
  const format: unknown = typeof factory === 'function' ? factory() : undefined;
  if (!isFormat(format)) throw unusable('gives no format');
  return format;
}

function isMissing(error: unknown, specifier: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${specifier}'`);
}

import { stat } from 'node:fs/promises';
import { dirname, parse } from 'node:path';

import type { CodecName, CompressSpec } from '@x/codecs';
import { type AnyFormat, formats as builtIn } from '@x/formats';

import { nameHints } from './detect/name-hints.ts';
import { codecNamed, type Detection, tellSource } from './detect/tell-side.ts';
import { ConvertError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Endpoint, ParsedOptions } from './options.ts';

/** One side of a conversion that is bytes, decided. */
export interface Side {
  readonly path: string | undefined;
  readonly format: AnyFormat;
  /** As the format's reader or writer takes them. */
  readonly formatOptions: Readonly<Record<string, unknown>>;
  readonly codec: CompressSpec & { readonly codec: CodecName };
}

/** The formats that a run knows: those it was given, then the built-in ones. */
export function knownFormats(options: Pick<ParsedOptions, 'formats'>): readonly AnyFormat[] {
  return [...options.formats, ...builtIn];
}

/** @throws {ConvertError} `UNKNOWN_FORMAT`, `NOT_READABLE`, or what detection raises. */
export async function planSource(
  source: { readonly path: string | undefined; readonly head: Uint8Array },
  options: ParsedOptions,
): Promise<Side & { readonly detection: Detection }> {
  const { path } = source;
  const formats = knownFormats(options);
  const detection = await tellSource(source, options.from, formats);
  const format = formatNamed(detection.format, formats, { path, option: 'from' });
  if (!format.capabilities.read) {
    throw new ConvertError('NOT_READABLE', `${format.name} can be written, not read`, { path });
  }
  const { columns, types, nullValues, onRagged, scanLimit, batchSize } = options;
  const common = { columns, types, nullValues, onRagged, scanLimit, batchSize };
  return {
    path,
    format,
    formatOptions: { ...defined(common), ...formatOptionsOf(options.from) },
    codec: { codec: detection.codec },
    detection,
  };
}

/** @throws {ConvertError} `UNKNOWN_FORMAT`, `NOT_WRITABLE` or `BAD_OPTION`. */
export function planDestination(
  path: string | undefined,
  options: Pick<ParsedOptions, 'to' | 'formats' | 'onExtraKey'>,
): Side {
  const formats = knownFormats(options);
  const hints = path === undefined ? { codec: undefined, format: undefined } : nameHints(path, formats);
  const { codec: codecName, level, threads, checksum } = options.to;
  const codec = codecName === undefined ? (hints.codec ?? 'identity') : codecNamed(codecName, path);
  const format = formatNamed(options.to.format ?? hints.format?.name, formats, { path, option: 'to' });
  if (!format.capabilities.write) {
    throw new ConvertError('NOT_WRITABLE', `${format.name} can be read, not written`, { path });
  }
  const common = { onExtraKey: options.onExtraKey };
  return {
    path,
    format,
    formatOptions: { ...defined(common), ...formatOptionsOf(options.to) },
    codec: { codec, ...defined({ level, threads, checksum }) },
  };
}

function formatOptionsOf({
  format: _format,
  codec: _codec,
  level: _level,
  threads: _threads,
  checksum: _checksum,
  ...rest
}: Endpoint) {
  return rest;
}

/** The formats take an option that is not there for one that is not given. */
function defined(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function formatNamed(
  name: string | undefined,
  formats: readonly AnyFormat[],
  asked: { readonly path: string | undefined; readonly option: 'from' | 'to' },
): AnyFormat {
  const { path, option } = asked;
  const names = formats.map((format) => format.name).join(', ');
  if (name === undefined) {
    const meant = path === undefined ? undefined : nearExtension(path, formats);
    const what =
      path === undefined ? 'a stream does not say its format' : 'nothing says the format of this file';
    const hint =
      meant === undefined
        ? `say which it is: ${names} (option ${option}.format; --${option})`
        : `did you mean '${meant}'?`;
    throw new ConvertError('UNKNOWN_FORMAT', what, { path, hint });
  }
  const found = formats.find((format) => format.name === name);
  if (found) return found;
  const meant = nearest(
    name,
    formats.map((format) => format.name),
  );
  throw new ConvertError('UNKNOWN_FORMAT', `there is no format '${name}'`, {
    path,
    hint: meant === undefined ? `formats are ${names}` : `did you mean '${meant}'?`,
  });
}

/** The name that was probably meant, where its end is nearly that of a format: `a.jsnl`. */
function nearExtension(path: string, formats: readonly AnyFormat[]): string | undefined {
  const { name, ext } = parse(path);
  // Two letters are near to everything.
  if (ext.length < 4) return undefined;
  const meant = nearest(
    ext,
    formats.flatMap(({ extensions }) => extensions),
  );
  return meant === undefined ? undefined : `${name}${meant}`;
}

/**
 * Refuses a destination file that cannot work before anything is written.
 *
 * @throws {ConvertError} `DESTINATION_IS_DIRECTORY`, `DESTINATION_NOT_FOUND` or `SAME_FILE`.
 */
export async function checkDestination(to: string, from: string | undefined, atomic: boolean): Promise<void> {
  const [target, folder, source] = await Promise.all([
    statIfThere(to),
    statIfThere(dirname(to)),
    from === undefined ? undefined : statIfThere(from),
  ]);
  if (target?.isDirectory()) {
    const hint = 'name the file to write in it';
    throw new ConvertError('DESTINATION_IS_DIRECTORY', 'the destination is a directory', { path: to, hint });
  }
  if (!folder?.isDirectory()) {
    const what = `there is no directory ${dirname(to)}`;
    throw new ConvertError('DESTINATION_NOT_FOUND', what, { path: to, hint: 'make it first' });
  }
  if (!atomic && source && target?.isFile() && target.dev === source.dev && target.ino === source.ino) {
    throw new ConvertError('SAME_FILE', 'source and destination are the same file', {
      path: to,
      hint: 'writing in place would destroy the source while it is read; with atomic: true it works',
    });
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

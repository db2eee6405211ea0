import { stat } from 'node:fs/promises';
import { dirname, parse } from 'node:path';

import type { CodecName, CompressSpec, DecompressSpec, Limits } from '@x/codecs';
import type { AnyFormat } from '@x/formats';

import { nameHints } from './detect/name-hints.ts';
import { codecNamed, type Detection, tellSource } from './detect/tell-side.ts';
import { ConvertError } from './errors.ts';
import { checkOptions } from './formats/check-options.ts';
import type { FormatSigns } from './formats/format-signs.ts';
import { KnownFormats } from './formats/known-formats.ts';
import { nearest } from './nearest.ts';
import type { ParsedOptions } from './options.ts';

/** One side of a conversion that is bytes, decided. */
export interface Side {
  readonly path: string | undefined;
  readonly format: AnyFormat;
  /** As the format's reader or writer takes them. */
  readonly formatOptions: Readonly<Record<string, unknown>>;
}

export interface SourceSide extends Side {
  readonly detection: Detection;
  readonly codec: DecompressSpec & { readonly codec: CodecName };
  readonly limits: Limits | undefined;
}

export interface DestinationSide extends Side {
  readonly codec: CompressSpec & { readonly codec: CodecName };
}

export interface SourceOptions extends ParsedOptions {
  /** What `types` is for text if it is not given. */
  readonly typesByDefault?: 'infer' | undefined;
}

/** @throws {ConvertError} `UNKNOWN_FORMAT`, `FORMAT_NOT_INSTALLED`, `NOT_READABLE`, or what detection raises. */
export async function planSource(
  source: { readonly path: string | undefined; readonly head: Uint8Array },
  options: SourceOptions,
): Promise<SourceSide> {
  const { path } = source;
  const formats = new KnownFormats(options.formats);
  const detection = await tellSource(source, options.from, formats);
  const { codec: _codec, format: _format, dictionary, raw, limits, ...formatOptions } = options.from;
  const codec = { codec: detection.codec, ...defined({ dictionary, raw }) };
  // Bounds are for what comes from elsewhere, which may be compressed or not.
  refuseUnused('from', detection.codec, { dictionary, raw }, path);
  const format = await formatNamed(detection.format, formats, { path, option: 'from' });
  if (!format.capabilities.read) {
    throw new ConvertError('NOT_READABLE', `${format.name} can be written, not read`, { path });
  }
  checkOptions('from', defined(formatOptions), format, path);
  const { columns, nullValues, onRagged, scanLimit, batchSize } = options;
  const types = options.types ?? (format.capabilities.typed ? undefined : options.typesByDefault);
  const common = { columns, types, nullValues, onRagged, scanLimit, batchSize };
  return {
    path,
    format,
    formatOptions: { ...defined(common), ...formatOptions },
    codec,
    limits: limits && defined(limits),
    detection,
  };
}

/** @throws {ConvertError} `UNKNOWN_FORMAT`, `FORMAT_NOT_INSTALLED`, `NOT_WRITABLE` or `BAD_OPTION`. */
export async function planDestination(
  path: string | undefined,
  options: Pick<ParsedOptions, 'to' | 'formats' | 'onExtraKey' | 'scanLimit'>,
): Promise<DestinationSide> {
  const formats = new KnownFormats(options.formats);
  const hints = path === undefined ? { codec: undefined, format: undefined } : nameHints(path, formats.signs);
  const {
    format: formatName,
    codec: codecName,
    level,
    threads,
    checksum,
    dictionary,
    raw,
    ...formatOptions
  } = options.to;
  const codec = codecName === undefined ? (hints.codec ?? 'identity') : codecNamed(codecName, path);
  const codecOptions = defined({ level, threads, checksum, dictionary, raw });
  refuseUnused('to', codec, codecOptions, path);
  const format = await formatNamed(formatName ?? hints.format, formats, { path, option: 'to' });
  if (!format.capabilities.write) {
    throw new ConvertError('NOT_WRITABLE', `${format.name} can be read, not written`, { path });
  }
  checkOptions('to', defined(formatOptions), format, path);
  const { onExtraKey, scanLimit } = options;
  const common = { onExtraKey, scanLimit };
  return {
    path,
    format,
    formatOptions: { ...defined(common), ...formatOptions },
    codec: { codec, ...codecOptions },
  };
}

/** An option that is not given must not be there, so that it does not count as one. */
function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** @throws {ConvertError} `BAD_OPTION` for what a codec would be told where there is none. */
function refuseUnused(
  side: 'from' | 'to',
  codec: CodecName,
  options: Readonly<Record<string, unknown>>,
  path: string | undefined,
): void {
  const [unused] = Object.keys(defined(options));
  if (codec !== 'identity' || unused === undefined) return;
  throw new ConvertError(
    'BAD_OPTION',
    `option ${side}.${unused} is for compressed data, and this is not compressed`,
    {
      path,
      hint: `leave it out, or name a compression (option ${side}.codec; an extension such as .gz)`,
    },
  );
}

async function formatNamed(
  name: string | undefined,
  formats: KnownFormats,
  asked: { readonly path: string | undefined; readonly option: 'from' | 'to' },
): Promise<AnyFormat> {
  const { path, option } = asked;
  if (name !== undefined) return formats.load(name, path);
  const what =
    path === undefined ? 'a stream does not say its format' : 'nothing says the format of this file';
  const meant = path === undefined ? undefined : nearExtension(path, formats.available);
  const names = formats.available.map((signs) => signs.name).join(', ');
  const hint =
    meant === undefined
      ? `say which it is: ${names} (option ${option}.format; --${option})`
      : `did you mean '${meant}'?`;
  throw new ConvertError('UNKNOWN_FORMAT', what, { path, hint });
}

/** The name that was probably meant, where its end is nearly that of a format: `a.jsnl`. */
function nearExtension(path: string, formats: readonly FormatSigns[]): string | undefined {
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
    from === undefined || atomic ? undefined : statIfThere(from),
  ]);
  if (target?.isDirectory()) {
    const hint = 'name the file to write in it';
    throw new ConvertError('DESTINATION_IS_DIRECTORY', 'the destination is a directory', { path: to, hint });
  }
  if (!folder?.isDirectory()) {
    const what = `there is no directory ${dirname(to)}`;
    throw new ConvertError('DESTINATION_NOT_FOUND', what, { path: to, hint: 'make it first' });
  }
  if (source && target?.isFile() && target.dev === source.dev && target.ino === source.ino) {
    throw sameFile(to);
  }
}

export function sameFile(path: string): ConvertError {
  return new ConvertError('SAME_FILE', 'source and destination are the same file', {
    path,
    hint: 'writing in place would destroy the source while it is read; with atomic: true it works',
  });
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

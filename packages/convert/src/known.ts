import { type Codec, codecs } from '@x/codecs';
import { type AnyFormat, formats } from '@x/formats';

import { formatPackages, loadFormatPackage, packageOf } from './formats/format-packages.ts';

/** What can be said of a format without reading or writing it. */
export interface FormatDescription {
  readonly name: string;
  /** With the dot; the first is the one to write. */
  readonly extensions: readonly string[];
  readonly read: boolean;
  readonly write: boolean;
  /** Whether it stores what type a value has. */
  readonly typed: boolean;
  /** Whether a cell can hold lists and objects. */
  readonly nested: boolean;
  /** Whether it is read from start to end, so that a pipe can be its source. */
  readonly streaming: boolean;
  /** The package from npm that brings it; undefined where this one does. */
  readonly package: string | undefined;
}

/** What can be said of a codec without loading its engine. */
export interface CodecDescription {
  readonly name: string;
  /** With the dot; the first is the one to write. */
  readonly extensions: readonly string[];
  readonly read: boolean;
  readonly write: boolean;
  /** `undefined` where the codec has no levels. */
  readonly levels: { readonly min: number; readonly max: number; readonly default: number } | undefined;
  /** Whether it compresses on several threads. */
  readonly threads: boolean;
  /** Packages from npm that do the work, where Node.js and this one do not. */
  readonly packages: readonly string[];
}

/** The formats that a conversion knows without any package of their own. */
export function listFormats(): FormatDescription[] {
  return formats.map((format) => describe(format, undefined));
}

/**
 * The formats that packages of their own bring, as far as those are installed. Loads them.
 *
 * @throws {ConvertError} `FORMAT_UNUSABLE` for a package that is there but does not load.
 */
export async function listInstalledFormats(): Promise<FormatDescription[]> {
  const found = await Promise.all(
    formatPackages.map(async ({ name }) => {
      const format = await loadFormatPackage(name);
      return format && describe(format, packageOf(name));
    }),
  );
  return found.filter((description) => description !== undefined);
}

function describe(
  { name, extensions, capabilities }: AnyFormat,
  from: string | undefined,
): FormatDescription {
  const { read, write, typed, nested, randomAccess } = capabilities;
  const streaming = randomAccess === 'unused';
  return { name, extensions, read, write, typed, nested, streaming, package: from };
}

interface WithPackages {
  readonly packages?: Readonly<Record<string, string>>;
}

/** The codecs that a conversion knows; `identity` is the one that leaves the bytes as they are. */
export function listCodecs(): CodecDescription[] {
  return codecs.map((codec: Codec & WithPackages) => {
    const { decompress: read, compress: write, levels, threads } = codec.capabilities;
    const packages = [...new Set(Object.values(codec.packages ?? {}))];
    return { name: codec.name, extensions: codec.extensions, read, write, levels, threads, packages };
  });
}

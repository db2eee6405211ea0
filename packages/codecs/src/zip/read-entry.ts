import { PulledByteStream, type ByteStream, type StreamStats } from '../byte-stream.ts';
import { CodecError } from '../codec-error.ts';
import { crc32 } from '../crc32.ts';
import type { Limits } from '../limits.ts';
import { decompress, type DecompressSpec } from '../transcode.ts';
import { ZipArchive } from './archive.ts';
import type { ZipEntry, ZipListOptions, ZipSource } from './entry.ts';
import { zipError } from './error.ts';

export interface ZipReadOptions extends Omit<ZipListOptions, 'limits'> {
  /** Ends the run with the signal's reason. */
  signal?: AbortSignal;
  /** As for `decompress`, for the content of the entry; and `entries`. */
  limits?: Limits & { entries?: number };
}

/** How each method is decoded (APPNOTE 4.4.5). */
const methods: Readonly<Record<number, DecompressSpec>> = {
  0: { codec: 'identity' },
  8: { codec: 'deflate', raw: true },
  12: { codec: 'bzip2' },
  93: { codec: 'zstd' },
  95: { codec: 'xz' },
};

const otherMethods: Readonly<Record<number, string>> = { 9: 'Deflate64', 14: 'LZMA', 98: 'PPMd' };

/**
 * Reads one entry of a zip file: the one of that name, or without a name the only file in it. Length
 * and CRC-32 of the content are compared with the directory.
 *
 * Problems are raised where the result is read: besides those of `decompress`, `BAD_OPTION` for a name
 * that is not there, or none where there are several, and `UNAVAILABLE` for an encrypted entry, a method
 * that is not supported, and where the package yauzl is not installed.
 */
export function readZipEntry(source: ZipSource, name?: string, options: ZipReadOptions = {}): ByteStream {
  const stats = { bytesIn: 0, bytesOut: 0, members: 0 };
  return new PulledByteStream(stats, () => contentOf(source, name, options, stats));
}

async function* contentOf(
  source: ZipSource,
  name: string | undefined,
  { signal, limits = {}, path }: ZipReadOptions,
  stats: StreamStats,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  const { entries, ...contentLimits } = limits;
  const archive = await ZipArchive.open(source, {
    ...(path === undefined ? {} : { path }),
    ...(entries === undefined ? {} : { limits: { entries } }),
  });
  try {
    const found = choose(archive, name);
    const { entry } = found;
    const spec = specOf(entry, archive.path);
    const packed = await archive.openRaw(found);
    try {
      const content = decompress(packed, spec, {
        limits: contentLimits,
        ...(signal === undefined ? {} : { signal }),
      });
      yield* checked(content, entry, archive.path, stats);
    } finally {
      // The file stays open as long as a stream of it does.
      packed.destroy();
    }
    stats.members++;
  } finally {
    archive.close();
  }
}

async function* checked(
  content: ByteStream,
  entry: ZipEntry,
  path: string | undefined,
  stats: StreamStats,
): AsyncGenerator<Uint8Array, void, undefined> {
  const fail = (code: 'CORRUPT' | 'CHECKSUM', problem: string): never => {
    throw zipError(code, path, `${entry.name}: ${problem}`, 'The file is damaged: fetch it again');
  };
  let crc = 0;
  let length = 0;
  try {
    for await (const chunk of content) {
      length += chunk.length;
      if (length > entry.size) fail('CORRUPT', `the content is longer than the ${entry.size} bytes recorded`);
      crc = crc32(chunk, crc);
      stats.bytesIn = content.stats.bytesIn;
      stats.bytesOut = length;
      yield chunk;
    }
  } catch (error) {
    throw named(error, entry, path);
  }
  stats.bytesIn = content.stats.bytesIn;
  if (length < entry.size) fail('CORRUPT', `the content has ${length} bytes, not the ${entry.size} recorded`);
  if (crc !== entry.crc) fail('CHECKSUM', 'the content does not match its CRC-32');
}

/** An error of the codec, as one of the entry. Its offset is that in the compressed content. */
function named(error: unknown, { name }: ZipEntry, path: string | undefined): unknown {
  if (!(error instanceof CodecError) || error.codec === 'zip') return error;
  const { code, problem, hint, offset, bytesOut } = error;
  return new CodecError(code, {
    codec: 'zip',
    problem: `${name}: ${problem}`,
    hint,
    offset,
    bytesOut,
    path,
    cause: error,
  });
}

function choose({ entries, path }: ZipArchive, name: string | undefined): ZipArchive['entries'][number] {
  const files = entries.filter(({ entry }) => !entry.name.endsWith('/'));
  const [found, second] = files.filter(({ entry }) => name === undefined || entry.name === name);
  if (found !== undefined && second === undefined) return found;
  const names = files.slice(0, 10).map(({ entry }) => entry.name);
  const hint =
    names.length === 0
      ? 'There are no files in it'
      : `There are ${names.join(', ')}${files.length > names.length ? ', …' : ''}`;
  if (name !== undefined && second !== undefined) {
    throw zipError('CORRUPT', path, `there are several entries called ${name}`);
  }
  const problem =
    name === undefined ? 'no entry was named, and there is not exactly one' : `there is no ${name}`;
  throw zipError('BAD_OPTION', path, problem, hint);
}

function specOf({ name, method, encrypted }: ZipEntry, path: string | undefined): DecompressSpec {
  if (encrypted) {
    throw zipError(
      'UNAVAILABLE',
      path,
      `${name} is encrypted`,
      'Unpack it with a tool that asks for the password',
    );
  }
  const spec = methods[method];
  if (spec !== undefined) return spec;
  const what = otherMethods[method] ?? `method ${method}`;
  throw zipError('UNAVAILABLE', path, `${name} is compressed with ${what}`, 'Unpack it with `7z x`');
}

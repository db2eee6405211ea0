import type { Codec, CodecName } from './codec.ts';
import { isBzip2 } from './bzip2/stream-header.ts';
import { CodecError } from './codec-error.ts';
import { isGzip } from './gzip/header.ts';
import { copyThrough } from './identity.ts';
import * as levels from './levels.ts';
import { lz4FrameKind } from './lz4/frame-header.ts';
import { isSnappy } from './snappy/chunks.ts';
import { isXz } from './xz/stream-flags.ts';
import { frameKind } from './zstd/frames.ts';
import { hasZstd, onlyWithZstd } from './zstd/support.ts';

/** Every codec of this package, in the order in which magic bytes are tried. */
export const codecs: readonly (Codec & { readonly name: CodecName })[] = [
  {
    name: 'gzip',
    extensions: ['.gz', '.gzip', '.tgz'],
    magic: isGzip,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'always',
      concatenation: true,
      threads: true,
      dictionary: false,
      levels: levels.zlib,
    },
    decoder: async () => (await import('./gzip/gzip.ts')).decompressGzip,
    encoder: async () => (await import('./gzip/gzip.ts')).compressGzip,
  },
  {
    name: 'zstd',
    extensions: ['.zst', '.zstd'],
    magic: (head) => frameKind(head) !== undefined,
    capabilities: {
      decompress: true,
      compress: hasZstd(),
      checksum: 'optional',
      concatenation: true,
      threads: true,
      dictionary: true,
      levels: levels.zstd,
    },
    ...(hasZstd() ? {} : { packages: { decompress: 'fzstd' } }),
    decoder: async () => (await import('./zstd/decompress.ts')).decompressZstd,
    encoder: async () => onlyWithZstd((await import('./zstd/compress.ts')).compressZstd),
  },
  {
    name: 'brotli',
    extensions: ['.br'],
    magic: undefined,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'never',
      concatenation: false,
      threads: false,
      dictionary: false,
      levels: levels.brotli,
    },
    decoder: async () => (await import('./brotli.ts')).decompressBrotli,
    encoder: async () => (await import('./brotli.ts')).compressBrotli,
  },
  {
    name: 'deflate',
    extensions: ['.zz', '.zlib', '.deflate'],
    // Two bytes that are also the beginning of ordinary text, such as `x^2`, tell too little.
    magic: undefined,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'always',
      concatenation: true,
      threads: false,
      dictionary: false,
      levels: levels.zlib,
    },
    decoder: async () => (await import('./deflate.ts')).decompressDeflate,
    encoder: async () => (await import('./deflate.ts')).compressDeflate,
  },
  {
    name: 'lz4',
    extensions: ['.lz4'],
    magic: (head) => lz4FrameKind(head) !== undefined,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'optional',
      concatenation: true,
      threads: false,
      dictionary: false,
      levels: undefined,
    },
    decoder: async () => (await import('./lz4/decompress.ts')).decompressLz4,
    encoder: async () => (await import('./lz4/compress.ts')).compressLz4,
  },
  {
    name: 'bzip2',
    extensions: ['.bz2', '.bzip2', '.tbz2'],
    magic: isBzip2,
    capabilities: {
      decompress: true,
      compress: false,
      checksum: 'always',
      concatenation: true,
      threads: false,
      dictionary: false,
      levels: undefined,
    },
    decoder: async () => (await import('./bzip2/decompress.ts')).decompressBzip2,
    encoder: () =>
      refuse('bzip2', 'bzip2 is only read here', 'Write gzip or zstd, which are smaller and faster'),
  },
  {
    name: 'xz',
    extensions: ['.xz', '.txz'],
    magic: isXz,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'optional',
      concatenation: true,
      threads: false,
      dictionary: false,
      levels: levels.xz,
    },
    packages: { compress: 'lzma-native' },
    decoder: async () => (await import('./xz/decompress.ts')).decompressXz,
    encoder: async () => (await import('./xz/compress.ts')).compressXz,
  },
  {
    name: 'snappy',
    extensions: ['.sz', '.snappy'],
    magic: isSnappy,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'always',
      concatenation: true,
      threads: false,
      dictionary: false,
      levels: undefined,
    },
    packages: { decompress: 'snappy', compress: 'snappy' },
    decoder: async () => (await import('./snappy/decompress.ts')).decompressSnappy,
    encoder: async () => (await import('./snappy/compress.ts')).compressSnappy,
  },
  {
    name: 'identity',
    extensions: [],
    magic: undefined,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'never',
      concatenation: true,
      threads: false,
      dictionary: false,
      levels: undefined,
    },
    decoder: async () => copyThrough,
    encoder: async () => copyThrough,
  },
];

/** The codec of that name; `undefined` if there is none. */
export function byName(name: CodecName): Codec;
export function byName(name: string): Codec | undefined;
export function byName(name: string): Codec | undefined {
  return codecs.find((codec) => codec.name === name);
}

async function refuse(codec: CodecName, problem: string, hint: string): Promise<never> {
  throw new CodecError('UNAVAILABLE', { codec, problem, hint });
}

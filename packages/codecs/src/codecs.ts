import type { Codec, CodecName } from './codec.ts';
import { copyThrough } from './identity.ts';
import * as gzip from './gzip.ts';
import * as zstd from './zstd.ts';

/** Every codec of this package, in the order in which magic bytes are tried. */
export const codecs: readonly (Codec & { readonly name: CodecName })[] = [
  {
    name: 'gzip',
    extensions: ['.gz', '.gzip', '.tgz'],
    magic: gzip.isGzip,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'always',
      concatenation: true,
      levels: gzip.levels,
    },
    decoder: async () => gzip.decompressGzip,
    encoder: async () => gzip.compressGzip,
  },
  {
    name: 'zstd',
    extensions: ['.zst', '.zstd'],
    magic: zstd.isZstd,
    capabilities: {
      decompress: true,
      compress: true,
      checksum: 'optional',
      concatenation: true,
      levels: zstd.levels,
    },
    decoder: async () => zstd.onlyWithZstd(zstd.decompressZstd),
    encoder: async () => zstd.onlyWithZstd(zstd.compressZstd),
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

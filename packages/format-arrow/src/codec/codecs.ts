import zlib from 'node:zlib';

import { FormatError } from '@x/formats';

import { corrupt, format, tooLarge } from '../errors.ts';
import type { CompressionName } from '../metadata/read-message.ts';
import { decodeLz4Frame } from './lz4-decode.ts';
import { encodeLz4Frame } from './lz4-encode.ts';

/** In front of a buffer that did not get shorter, and is as it was. */
const asItIs = -1n;

/**
 * A buffer of a body that is compressed: its length, and a frame of its own.
 *
 * @throws {FormatError} CORRUPT, LIMIT, or UNAVAILABLE for zstd where Node.js has none.
 */
export function unpackBuffer(bytes: Uint8Array, codec: CompressionName, most: number): Uint8Array {
  if (bytes.length === 0) return bytes;
  if (bytes.length < 8) throw corrupt(`a compressed buffer has ${bytes.length} bytes`);
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, 8).readBigInt64LE();
  const packed = bytes.subarray(8);
  if (length === asItIs) return packed;
  if (length < 0n) throw corrupt(`a compressed buffer has ${length} bytes`);
  if (length > BigInt(most)) throw tooLarge(`a buffer has ${length} bytes when it is decompressed`);
  if (length === 0n) return new Uint8Array(0);
  if (codec === 'lz4') return decodeLz4Frame(packed, Number(length));
  const { zstdDecompressSync } = zstd();
  let unpacked: Uint8Array;
  try {
    unpacked = zstdDecompressSync(packed, { maxOutputLength: Number(length) });
  } catch (cause) {
    throw corrupt('a buffer that is compressed with zstd is damaged', { cause });
  }
  if (unpacked.length !== Number(length)) throw corrupt('a buffer that is compressed with zstd is cut off');
  return unpacked;
}

/** The parts of a buffer as it goes into a body. */
export function packBuffer(
  bytes: Uint8Array,
  codec: CompressionName,
  level: number | undefined,
): readonly Uint8Array[] {
  if (bytes.length === 0) return [];
  const packed = codec === 'lz4' ? encodeLz4Frame(bytes) : compressZstd(bytes, level);
  const prefix = Buffer.alloc(8);
  const isShorter = packed.length < bytes.length;
  prefix.writeBigInt64LE(isShorter ? BigInt(bytes.length) : asItIs);
  return [prefix, isShorter ? packed : bytes];
}

function compressZstd(bytes: Uint8Array, level: number | undefined): Buffer {
  const { zstdCompressSync, constants } = zstd();
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level ?? 3 } });
}

/** What Node.js 20 does not have. */
export function zstd(): typeof zlib {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- the types are those of a newer Node.js
  if (zlib.zstdCompressSync !== undefined) return zlib;
  throw new FormatError('UNAVAILABLE', `Node.js ${process.versions.node} has no zstd`, {
    format,
    hint: 'run it with Node.js 22.15 or newer, or have it written with LZ4',
  });
}

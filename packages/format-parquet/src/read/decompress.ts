import zlib from 'node:zlib';

import { FormatError } from '@x/formats';

import { corrupt, unsupported } from '../errors.ts';
import type { Kernel, Region } from '../kernel/kernel.ts';
import type { CodecName } from '../metadata/enums.ts';

/**
 * Puts a page into `target`, decompressed, from `at` on.
 *
 * @throws {FormatError} CORRUPT where it is not as long as its header says; UNSUPPORTED, UNAVAILABLE.
 */
export function decompress(
  kernel: Kernel,
  codec: CodecName,
  source: Uint8Array,
  size: number,
  target: Region,
  at: number,
  byteOffset: number,
): void {
  if (codec === 'UNCOMPRESSED') {
    if (source.length !== size) throw wrongSize(source.length, size, byteOffset);
    kernel.bytes.set(source, target.at + at);
    return;
  }
  if (codec === 'SNAPPY' || codec === 'LZ4_RAW') {
    const work = codec === 'SNAPPY' ? 'snappyDecompress' : 'lz4Decompress';
    if (!inKernel(kernel, work, source, size, target.at + at)) {
      throw corrupt(`a page is no ${codec} of ${size} bytes`, { byteOffset });
    }
    return;
  }
  if (codec === 'LZ4') return decompressOldLz4(kernel, source, size, target.at + at, byteOffset);
  const bytes = decompressOutside(codec, source, size, byteOffset);
  if (bytes.length !== size) throw wrongSize(bytes.length, size, byteOffset);
  kernel.bytes.set(bytes, target.at + at);
}

function inKernel(
  kernel: Kernel,
  work: 'snappyDecompress' | 'lz4Decompress',
  source: Uint8Array,
  size: number,
  at: number,
): boolean {
  const staged = kernel.allocate(source.length);
  try {
    kernel.bytes.set(source, staged.at);
    return kernel.call[work](staged.at, staged.at + source.length, at, size) === 1;
  } finally {
    kernel.free(staged);
  }
}

/** Blocks as Hadoop frames them, or one block without a frame: this codec has been both. */
function decompressOldLz4(
  kernel: Kernel,
  source: Uint8Array,
  size: number,
  at: number,
  byteOffset: number,
): void {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let read = 0;
  let written = 0;
  while (source.length - read >= 8) {
    const expected = view.getUint32(read);
    const length = view.getUint32(read + 4);
    if (length > source.length - read - 8 || expected > size - written) break;
    const block = source.subarray(read + 8, read + 8 + length);
    if (!inKernel(kernel, 'lz4Decompress', block, expected, at + written)) break;
    read += 8 + length;
    written += expected;
  }
  if (read === source.length && written === size) return;
  if (inKernel(kernel, 'lz4Decompress', source, size, at)) return;
  throw corrupt(`a page is no LZ4 of ${size} bytes`, { byteOffset });
}

function decompressOutside(
  codec: CodecName,
  source: Uint8Array,
  size: number,
  byteOffset: number,
): Uint8Array {
  // One byte more than there may be, so that what is too long is seen and no more of it is made.
  const options = { maxOutputLength: size + 1 };
  try {
    if (codec === 'GZIP') return zlib.gunzipSync(source, options);
    if (codec === 'BROTLI') return zlib.brotliDecompressSync(source, options);
    if (codec === 'ZSTD') return zstd()(source, options);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw corrupt(`a page is no ${codec} of ${size} bytes`, { byteOffset, cause });
  }
  throw unsupported(`the codec ${codec} is not read`, {
    byteOffset,
    hint: 'write the file with another codec, such as snappy or zstd',
  });
}

function zstd(): (source: Uint8Array, options: { maxOutputLength: number }) => Uint8Array {
  if ('zstdDecompressSync' in zlib) return zlib.zstdDecompressSync;
  throw new FormatError('UNAVAILABLE', `Node.js ${process.versions.node} has no zstd`, {
    format: 'parquet',
    hint: 'use Node.js 22.15 or newer, or have the file written with snappy',
  });
}

function wrongSize(length: number, size: number, byteOffset: number): FormatError {
  return corrupt(`a page has ${length} bytes; its header says ${size}`, { byteOffset });
}

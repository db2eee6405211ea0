import { promisify } from 'node:util';
import zlib from 'node:zlib';

import { FormatError } from '@x/formats';

import { corrupt, format } from '../errors.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';

/** The first is the default. */
export const codecNames = ['deflate', 'snappy', 'zstd', 'uncompressed'] as const;

export type CodecName = (typeof codecNames)[number];

/** How the header of a file calls them. */
export const namesInFile: Readonly<Record<CodecName, string>> = {
  deflate: 'deflate',
  snappy: 'snappy',
  zstd: 'zstandard',
  uncompressed: 'null',
};

const inflateRaw = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const deflateRaw = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);

/** @throws {FormatError} UNSUPPORTED for a codec that is not read here. */
export function codecNamed(name: string): CodecName {
  const found = codecNames.find((own) => namesInFile[own] === name);
  if (found !== undefined) return found;
  throw new FormatError('UNSUPPORTED', `blocks are compressed with ${JSON.stringify(name)}`, {
    format,
    hint: `${Object.values(namesInFile).join(', ')} are read: have it written with one of them`,
  });
}

/** @throws {FormatError} LIMIT, CORRUPT or UNAVAILABLE */
export async function unpack(codec: CodecName, bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const limits = { maxOutputLength: maxBytes };
  try {
    switch (codec) {
      case 'uncompressed':
        return bytes;
      case 'deflate':
        return await inflateRaw(bytes, limits);
      case 'zstd':
        return await promisify<Uint8Array, object, Buffer>(zstd().zstdDecompress)(bytes, limits);
      case 'snappy':
        return checked(decompressSnappy(bytes.subarray(0, -4), maxBytes), bytes);
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
      throw corrupt(`a block that is compressed with ${namesInFile[codec]} is damaged`, { cause: error });
    }
    throw new FormatError('LIMIT', `a block has more than ${maxBytes} bytes when it is decompressed`, {
      format,
      hint: 'raise maxBlockBytes if the file is to be trusted',
    });
  }
}

/** @throws {FormatError} UNAVAILABLE */
export async function pack(
  codec: CodecName,
  bytes: Uint8Array,
  level: number | undefined,
): Promise<Uint8Array> {
  switch (codec) {
    case 'uncompressed':
      return bytes;
    case 'deflate':
      return deflateRaw(bytes, level === undefined ? {} : { level });
    case 'zstd': {
      const { zstdCompress, constants } = zstd();
      const params = { [constants.ZSTD_c_compressionLevel]: level ?? 3, [constants.ZSTD_c_checksumFlag]: 1 };
      return promisify<Uint8Array, object, Buffer>(zstdCompress)(bytes, { params });
    }
    case 'snappy': {
      const crc = Buffer.alloc(4);
      crc.writeUInt32BE(zlib.crc32(bytes));
      return Buffer.concat([compressSnappy(bytes), crc]);
    }
  }
}

function checked(unpacked: Buffer, packed: Buffer): Buffer {
  if (packed.length >= 4 && zlib.crc32(unpacked) === packed.readUInt32BE(packed.length - 4)) return unpacked;
  throw corrupt('a block does not have its checksum');
}

/** What Node.js 20 does not have. */
function zstd(): typeof zlib {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- the types are those of a newer Node.js
  if (zlib.zstdCompress !== undefined) return zlib;
  throw new FormatError('UNAVAILABLE', `Node.js ${process.versions.node} has no zstd`, {
    format,
    hint: 'run it with Node.js 22.15 or newer, or use another compression',
  });
}

// What users of compressed data rely on, each as something to do with node:zlib and with this package.
// Plain JavaScript, because it runs on every Node.js that the package supports.

import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

import { compress, decompress } from '@x/codecs';

/** 25 MB of lines, of which every one is another. */
const manyLines = () =>
  Buffer.from(
    Array.from({ length: 900_000 }, (_, i) => `${i},item ${(i * 7919) % 99_991},${i ** 3}\n`).join(''),
  );

const hasZstd = 'createZstdCompress' in zlib;

/** @param {number} length */
const text = (length) => Buffer.alloc(length, 'id,name,price\n1,Alice,17.25\n2,Bob,3.10\n');
const content = text(100_000);
const second = Buffer.from('and a second part');
const bothParts = Buffer.concat([content, second]);
const garbage = Buffer.from('something else');

// Frames of zstd as bytes, because Node.js 20 cannot make them: the content above, and the second part.
const checksummed = { params: hasZstd ? { [zlib.constants.ZSTD_c_checksumFlag]: 1 } : {} };
const frames = hasZstd
  ? [content, second].map((bytes) => zlib.zstdCompressSync(bytes, checksummed))
  : undefined;
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

/**
 * Everything that a stream makes of some chunks. Rejects with its error.
 *
 * @param {import('node:stream').Transform} stream
 * @param {Uint8Array[]} chunks
 * @returns {Promise<Buffer>}
 */
const through = (stream, chunks) =>
  new Promise((resolve, reject) => {
    /** @param {Uint8Array} bytes @param {number} size */
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    stream.on('end', () => resolve(Buffer.concat(pieces)));
    stream.on('error', reject);
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  });

/**
 * @param {import('@x/codecs').BytesSource} input
 * @param {string | import('@x/codecs').DecompressSpec} codec
 */
const ours = async (input, codec, limits = {}) =>
  Buffer.from(await decompress(input, codec, { limits }).bytes());

/**
 * Runs something that should raise an error, and says in a few words what it did instead.
 *
 * @param {() => Promise<unknown>} run
 */
async function raises(run) {
  try {
    await run();
    return 'silent';
  } catch {
    return 'right';
  }
}

/**
 * Runs something that should give those bytes, and says in a few words what it gave instead.
 *
 * @param {Buffer} expected
 * @param {() => Promise<Buffer>} run
 */
async function gives(expected, run) {
  try {
    const output = await run();
    if (output.equals(expected)) return 'right';
    if (output.length === 0) return 'nothing';
    return expected.subarray(0, output.length).equals(output) ? 'a part' : 'other bytes';
  } catch {
    return 'an error';
  }
}

/** @param {Uint8Array} bytes @param {number} size */
const pieces = (bytes, size) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

/** @param {Uint8Array} bytes */
const cut = (bytes) => [bytes.subarray(0, bytes.length - 5)];
const gzip = zlib.gzipSync(content);
const padded = Buffer.concat([gzip, Buffer.alloc(512), zlib.gzipSync(second)]);
const checkedHeader = Buffer.from([0x1f, 0x8b, 8, 6, 0, 0, 0, 0, 0, 3, 0, 0, 0x1e, 0x81]);
const bomb = zlib.gzipSync(Buffer.alloc(50_000_000));
const limit = 1_000_000;

/** Frames in a file of zstd. @param {Uint8Array} packed */
async function framesIn(packed) {
  const stream = decompress(packed, 'zstd');
  await stream.bytes();
  return stream.stats.members;
}

/** @param {Promise<Uint8Array>} packed */
const oneFrame = async (packed) => {
  const count = await framesIn(await packed);
  return count === 1 ? 'right' : `${count} frames`;
};

const zstdCases = hasZstd && [
  {
    what: 'zstd: input that is cut short raises an error',
    zlib: () => raises(() => through(zlib.createZstdDecompress(), cut(frames[0]))),
    ours: () => raises(() => ours(cut(frames[0]), 'zstd')),
  },
  {
    what: 'zstd: several frames in one chunk are all read',
    zlib: () => gives(bothParts, () => through(zlib.createZstdDecompress(), [Buffer.concat(frames)])),
    ours: () => gives(bothParts, () => ours(Buffer.concat(frames), 'zstd')),
  },
  {
    what: 'zstd: several frames over many chunks are all read',
    zlib: () =>
      gives(bothParts, () => through(zlib.createZstdDecompress(), pieces(Buffer.concat(frames), 16))),
    ours: () => gives(bothParts, () => ours(pieces(Buffer.concat(frames), 16), 'zstd')),
  },
  {
    what: 'zstd: a skippable frame is skipped',
    zlib: () =>
      gives(content, () => through(zlib.createZstdDecompress(), [Buffer.concat([skippable, frames[0]])])),
    ours: () => gives(content, () => ours(Buffer.concat([skippable, frames[0]]), 'zstd')),
  },
  {
    what: 'zstd: other data behind the last frame raises an error',
    zlib: () => raises(() => through(zlib.createZstdDecompress(), [Buffer.concat([frames[0], garbage])])),
    ours: () => raises(() => ours(Buffer.concat([frames[0], garbage]), 'zstd')),
  },
  {
    what: 'zstd: a thread of its own writes everything',
    zlib: () =>
      gives(manyLines(), async () => {
        const params = { [zlib.constants.ZSTD_c_nbWorkers]: 1 };
        return ours(await promisify(zlib.zstdCompress)(manyLines(), { params }), 'zstd');
      }),
    ours: () =>
      gives(manyLines(), async () =>
        ours(await compress(manyLines(), { codec: 'zstd', threads: 2 }).bytes(), 'zstd'),
      ),
  },
  {
    what: 'zstd: one stream is one frame',
    zlib: () => {
      const stream = zlib.createZstdCompress();
      for (const piece of pieces(content, 1000)) stream.write(piece);
      return oneFrame(through(stream, []));
    },
    ours: () => oneFrame(compress(pieces(content, 1000), 'zstd').bytes()),
  },
  {
    what: 'zstd: the content gets a checksum',
    zlib: async () => (zlib.zstdCompressSync(content)[4] & 4 ? 'right' : 'none'),
    ours: async () => ((await compress(content, 'zstd').bytes())[4] & 4 ? 'right' : 'none'),
  },
  {
    what: 'zstd: a dictionary is used, or refused',
    zlib: async () => {
      const packed = zlib.zstdCompressSync(second, { dictionary: second });
      return packed.length < zlib.zstdCompressSync(second).length ? 'right' : 'ignored';
    },
    ours: async () => {
      try {
        const spec = { codec: 'zstd', dictionary: second, checksum: false };
        const packed = await compress(second, spec).bytes();
        return packed.length < zlib.zstdCompressSync(second).length ? 'right' : 'ignored';
      } catch (error) {
        return error.code === 'UNAVAILABLE' ? 'right' : 'an error';
      }
    },
  },
];

export const cases = [
  ...(zstdCases || []),
  {
    what: 'gzip: a member behind zero padding is read',
    zlib: () => gives(bothParts, () => through(zlib.createGunzip(), [padded])),
    ours: () => gives(bothParts, () => ours(padded, 'gzip')),
  },
  {
    what: 'zlib: other data behind the end raises an error',
    zlib: () =>
      raises(() => through(zlib.createInflate(), [Buffer.concat([zlib.deflateSync(content), garbage])])),
    ours: () => raises(() => ours(Buffer.concat([zlib.deflateSync(content), garbage]), 'deflate')),
  },
  {
    what: 'raw deflate: other data behind the end raises an error',
    zlib: () =>
      raises(() =>
        through(zlib.createInflateRaw(), [Buffer.concat([zlib.deflateRawSync(content), garbage])]),
      ),
    ours: () =>
      raises(() =>
        ours(Buffer.concat([zlib.deflateRawSync(content), garbage]), { codec: 'deflate', raw: true }),
      ),
  },
  {
    what: 'brotli: other data behind the end raises an error',
    zlib: () =>
      raises(() =>
        through(zlib.createBrotliDecompress(), [Buffer.concat([zlib.brotliCompressSync(content), garbage])]),
      ),
    ours: () => raises(() => ours(Buffer.concat([zlib.brotliCompressSync(content), garbage]), 'brotli')),
  },
  {
    what: 'crc32() of an empty piece leaves the sum as it is',
    zlib: async () => (zlib.crc32(new Uint8Array(0).subarray(0, 0), 5) === 5 ? 'right' : 'begins anew'),
    // A gzip header with an empty field and a checksum of its own.
    ours: () => gives(content, () => ours(Buffer.concat([checkedHeader, gzip.subarray(10)]), 'gzip')),
  },
  {
    what: 'a limit on the output of a stream holds',
    zlib: () => raises(() => through(zlib.createGunzip({ maxOutputLength: limit }), [bomb])),
    ours: () => raises(() => ours(bomb, 'gzip', { outputBytes: limit })),
  },
  {
    what: 'gzip: the header does not tell the system',
    zlib: async () => (gzip[9] === 255 ? 'right' : `byte ${gzip[9]}`),
    ours: async () => {
      const [byte] = (await compress(content, 'gzip').bytes()).subarray(9);
      return byte === 255 ? 'right' : `byte ${byte}`;
    },
  },
];

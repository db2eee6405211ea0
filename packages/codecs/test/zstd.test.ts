import * as zlib from 'node:zlib';

import { compress, decompress } from '@x/codecs';
import { describe, expect, test } from 'vitest';

import { chunked, hasZstd, text } from './samples.ts';

const content = text(100_000);
const unpack = (...parts: Uint8Array[]): Promise<Uint8Array> => decompress(parts, 'zstd').bytes();
const skippable = (length: number): Buffer => {
  const header = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, Buffer.alloc(length, 0x28)]);
};

test.skipIf(hasZstd)('says what to do on a Node.js without zstd', async () => {
  await expect(compress(content, 'zstd').bytes()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    codec: 'zstd',
    hint: expect.stringContaining('22.15') as string,
  });
});

describe.skipIf(!hasZstd)('reading', () => {
  const frame = (data: Uint8Array | string, checksum = 1): Buffer =>
    zlib.zstdCompressSync(data, { params: { [zlib.constants.ZSTD_c_checksumFlag]: checksum } });

  test.each([1, 2, 3, 5, 1000, 1_000_000])('decodes frames of all kinds in chunks of %i', async (size) => {
    const packed = Buffer.concat([
      skippable(9),
      frame(content),
      frame(''),
      frame('', 0),
      skippable(0),
      frame('end', 0),
    ]);
    const stream = decompress(chunked(packed, size), 'zstd');
    expect(Buffer.from(await stream.bytes())).toEqual(Buffer.concat([content, Buffer.from('end')]));
    expect(stream.stats).toMatchObject({ members: 6, bytesIn: packed.length });
  });

  test.each([0, 1])('notices a cut at any byte, with checksum %i', async (checksum) => {
    const packed = Buffer.concat([frame(content.subarray(0, 500), checksum), skippable(3)]);
    const whole = packed.length - 11;
    for (let length = 0; length < packed.length; length++) {
      if (length === whole) continue;
      await expect(unpack(packed.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
        code: 'TRUNCATED',
      });
    }
  });

  test('refuses what it cannot vouch for', async () => {
    const damaged = frame(content);
    damaged[damaged.length - 1]! ^= 1;
    await expect(unpack(damaged)).rejects.toMatchObject({ code: 'CHECKSUM', codec: 'zstd' });
    await expect(unpack(frame('a'), Buffer.from('garbage'))).rejects.toMatchObject({ code: 'TRAILING_DATA' });
    await expect(unpack(Buffer.from('plain text'))).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('refuses a window beyond the limit', async () => {
    const packed = frame(content);
    // The window descriptor of a frame made from a stream: exponent 17 is a window of 128 MiB.
    const wide = Buffer.concat([
      packed.subarray(0, 4),
      Buffer.from([0x04, (28 - 10) << 3]),
      Buffer.from([1, 0, 0, 0, 0, 0, 0]),
    ]);
    await expect(unpack(wide)).rejects.toMatchObject({
      code: 'WINDOW_TOO_LARGE',
      hint: expect.stringContaining('windowLog') as string,
    });
  });
});

describe.skipIf(!hasZstd)('writing', () => {
  test('writes one frame with a checksum', async () => {
    const packed = Buffer.from(await compress(chunked(content, 1000), 'zstd').bytes());
    expect(packed[4]! & 0x04).toBe(4);
    expect(zlib.zstdDecompressSync(packed)).toEqual(content);
    const unchecked = await compress(chunked(content, 1000), { codec: 'zstd', checksum: false }).bytes();
    expect(unchecked[4]! & 0x04).toBe(0);
    expect(unchecked.length).toBe(packed.length - 4);
  });

  test.each([0, 1, 262_143, 262_144, 262_145])(
    'writes one frame for %i incompressible bytes',
    async (length) => {
      const noise = Buffer.alloc(length);
      let state = 7;
      for (let i = 0; i < length; i++)
        noise[i] = (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
      const stream = decompress(compress(chunked(noise, 50_000), 'zstd'), 'zstd');
      expect(Buffer.from(await stream.bytes())).toEqual(noise);
      expect(stream.stats.members).toBe(1);
    },
  );
});

import * as zlib from 'node:zlib';

import { byName, codecs, CodecError, compress, decompress, type Level } from '@x/codecs';
import { describe, expect, test } from 'vitest';

import { chunked, failureOf, hasZstd, noise, text } from './samples.ts';

const content = text(200_000);
const pack = async (spec: Parameters<typeof compress>[1], bytes = content): Promise<Buffer> =>
  Buffer.from(await compress(chunked(bytes, 30_000), spec).bytes());

/** Node.js 22.15 takes the size, 22.15 and 24.0 a dictionary, and do nothing with it; 20 has no zstd. */
const storesSize = hasZstd && zlib.zstdCompressSync('x'.repeat(300), { pledgedSrcSize: 300 })[4]! >> 6 !== 0;
const usesDictionaries =
  hasZstd && zlib.zstdCompressSync(noise(500), { dictionary: noise(500) }).length < 250;

const withLevels = codecs.filter(({ capabilities }) => capabilities.compress && capabilities.levels);

describe.each(withLevels)('levels of $name', ({ name, capabilities }) => {
  const { levels } = capabilities;

  test('have names, and a default', async () => {
    for (const level of ['fastest', 'fast', 'default', 'best'] as const) {
      expect(
        (await pack({ codec: name, level })).equals(await pack({ codec: name, level: levels![level] })),
      ).toBe(true);
    }
    expect((await pack(name)).equals(await pack({ codec: name, level: 'default' }))).toBe(true);
  });

  test('are refused where the codec does not have them', () => {
    const wrong: unknown[] = [levels!.min - 1, levels!.max + 1, 1.5, NaN, 'slow', ...(levels!.except ?? [])];
    for (const level of wrong) {
      expect(() => compress(content, { codec: name, level: level as Level })).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION', codec: name }) as Error,
      );
    }
  });
});

test('the defaults are 6 for gzip, 3 for zstd and 4 for brotli', () => {
  const defaultOf = (name: 'gzip' | 'zstd' | 'brotli'): unknown => byName(name).capabilities.levels?.default;
  expect([defaultOf('gzip'), defaultOf('zstd'), defaultOf('brotli')]).toEqual([6, 3, 4]);
});

test.each([0, -1, 1.5, 257, 'many'])('threads: %j is refused', (threads) => {
  expect(() => compress(content, { codec: 'gzip', threads: threads as number })).toThrow(/threads is/);
});

test('an explicit codec beats the magic bytes', async () => {
  await expect(decompress(zlib.gzipSync(content), 'bzip2').bytes()).rejects.toMatchObject({
    code: 'CORRUPT',
  });
  const asItIs = await decompress(zlib.gzipSync(content), 'identity').bytes();
  expect(zlib.gunzipSync(asItIs).equals(content)).toBe(true);
});

test("what the engine said is an error's cause", async () => {
  const damaged = zlib.gzipSync(content).fill(0xff, 10, 200);
  const error = (await failureOf(decompress(damaged, 'gzip').bytes())) as CodecError;
  expect(error).toMatchObject({ code: 'CORRUPT', hint: expect.stringMatching(/fetch it again/) as string });
  expect(error.cause).toMatchObject({ code: 'Z_DATA_ERROR' });
});

describe('the size of the whole input', () => {
  test.each(codecs.filter(({ capabilities }) => capabilities.compress))(
    'must be right: $name',
    async ({ name }) => {
      for (const size of [content.length - 1, content.length + 1]) {
        await expect(pack({ codec: name, size })).rejects.toMatchObject({ code: 'BAD_OPTION', codec: name });
      }
      const packed = await pack({ codec: name, size: content.length });
      expect(content.equals(await decompress(packed, name).bytes())).toBe(true);
    },
  );

  test.skipIf(!storesSize)('is stored in a zstd frame [skipped: this Node.js does not]', async () => {
    const long = noise(3_000_000);
    const packed = await pack({ codec: 'zstd', size: long.length }, long);
    // Four bytes of content size, behind magic, descriptor and window.
    expect([packed[4]! >> 6, packed.readUInt32LE(6)]).toEqual([2, long.length]);
    expect(long.equals(await decompress(packed, 'zstd').bytes())).toBe(true);
  });
});

describe('a dictionary', () => {
  const dictionary = text(20_000, 5);
  const similar = text(20_000, 5).subarray(3000, 9000);
  const spec = { codec: 'zstd', dictionary };

  test.skipIf(!usesDictionaries)('is used both ways [skipped: this Node.js does not]', async () => {
    const packed = await pack(spec, similar);
    expect(packed.length).toBeLessThan((await pack('zstd', similar)).length / 2);
    expect(similar.equals(await decompress(packed, spec).bytes())).toBe(true);
    const without = (await failureOf(decompress(packed, 'zstd').bytes())) as CodecError;
    expect(without.code).toMatch(/CORRUPT|CHECKSUM|BAD_OPTION/);
  });

  test.skipIf(usesDictionaries)('is refused where Node.js would ignore it', async () => {
    await expect(pack(spec, similar)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x01, 0x09, 0x00, 0x00, 0x78]);
    expect(Buffer.from(await decompress(frame, 'zstd').bytes()).toString()).toBe('x');
    await expect(decompress(frame, spec).bytes()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('is refused by codecs that have none', async () => {
    expect(() => compress(content, { codec: 'gzip', dictionary })).toThrow(/no dictionaries/);
    await expect(decompress(content, { codec: 'gzip', dictionary }).bytes()).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
  });
});

test.skipIf(!hasZstd)('a bomb stops at the default ratio, after one GiB', async () => {
  // A frame of blocks that say 128 KiB with four bytes: header, length 2^17 in the upper bits, type 1 for one byte repeated.
  const block = Buffer.from([0x02, 0x00, 0x10, 0x61]);
  const bomb = Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]),
    ...Array.from({ length: 10_000 }, () => block),
  ]);
  const error = await failureOf(
    (async () => {
      for await (const chunk of decompress(bomb, 'zstd', { reuse: true })) void chunk;
    })(),
  );
  expect(error).toMatchObject({
    code: 'LIMIT',
    problem: expect.stringContaining('limits.ratio, 10000') as string,
  });
  expect((error as CodecError).bytesOut).toBeGreaterThan(2 ** 30 - 2 ** 20);
  expect((error as CodecError).bytesOut).toBeLessThan(2 ** 30 + 2 ** 20);
});

test.each<[string, () => unknown]>([
  ['a limit that is misspelt', () => decompress(content, 'gzip', { limits: { outputbytes: 1 } as object })],
  [
    'a limit in text',
    () => decompress(content, 'gzip', { limits: { outputBytes: '1' as unknown as number } }),
  ],
  ['limits that are nothing', () => decompress(content, 'gzip', { limits: null as unknown as object })],
  ['an option that is misspelt', () => decompress(content, 'gzip', { limit: {} } as object)],
  ['a spec that is misspelt', () => compress(content, { codec: 'gzip', lvel: 9 } as { codec: 'gzip' })],
  ['no signal', () => compress(content, 'gzip', { signal: {} as AbortSignal })],
  ['no codec', () => compress(content, null as unknown as 'gzip')],
  ['an object that is no codec', () => compress(content, {} as 'gzip')],
])('is refused, and not passed over: %s', (_what, run) => {
  expect(run).toThrow(expect.objectContaining({ name: 'CodecError', code: 'BAD_OPTION' }) as Error);
});

test('what is no source is told in words', async () => {
  for (const source of [null, 'text', 5]) {
    const run = compress(source as unknown as Uint8Array, 'gzip').bytes();
    await expect(run).rejects.toThrow('A source of bytes must be');
  }
});

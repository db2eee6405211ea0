import { gunzipSync, gzipSync } from 'node:zlib';

import { CodecError, compress, decompress } from '@x/codecs';
import { describe, expect, test } from 'vitest';

import { chunked, text } from './samples.ts';

const content = text(100_000);
const unpack = (...parts: Uint8Array[]): Promise<Uint8Array> => decompress(parts, 'gzip').bytes();

describe('reading', () => {
  test('decodes every one of several members', async () => {
    const members = [gzipSync(content), gzipSync('second'), gzipSync('')];
    const stream = decompress(Buffer.concat(members), 'gzip');
    expect(Buffer.from(await stream.bytes())).toEqual(Buffer.concat([content, Buffer.from('second')]));
    expect(stream.stats).toMatchObject({ members: 3, bytesOut: content.length + 6 });
  });

  test.each([1, 2, 3, 7, 65_536])('gives the same in chunks of %i', async (size) => {
    const packed = Buffer.concat([gzipSync(content.subarray(0, 3000)), gzipSync(content)]);
    const expected = Buffer.concat([content.subarray(0, 3000), content]);
    expect(Buffer.from(await decompress(chunked(packed, size), 'gzip').bytes())).toEqual(expected);
  });

  test('reads the member behind zero padding, in one chunk and in several', async () => {
    const parts = [gzipSync('a'), Buffer.alloc(700), gzipSync('b'), Buffer.alloc(3)];
    expect(Buffer.from(await unpack(...parts)).toString()).toBe('ab');
    expect(Buffer.from(await unpack(Buffer.concat(parts))).toString()).toBe('ab');
  });

  test('reads a header with every optional field', async () => {
    const fields = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 0x1c, 0, 0, 0, 0, 0, 3]),
      Buffer.from([2, 0, 0xaa, 0xbb]),
      Buffer.from('name\0comment\0'),
    ]);
    expect(Buffer.from(await unpack(fields, gzipSync('x').subarray(10))).toString()).toBe('x');
    const emptyExtra = Buffer.from([0x1f, 0x8b, 8, 0x06, 0, 0, 0, 0, 0, 3, 0, 0, 0x1e, 0x81]);
    expect(Buffer.from(await unpack(emptyExtra, gzipSync('x').subarray(10))).toString()).toBe('x');
  });

  test('refuses what it cannot vouch for', async () => {
    const packed = gzipSync(content);
    const damaged = Buffer.from(packed);
    damaged[packed.length - 6]! ^= 1;
    await expect(unpack(damaged)).rejects.toMatchObject({ code: 'CHECKSUM', codec: 'gzip' });
    await expect(unpack(packed, Buffer.from('garbage'))).rejects.toMatchObject({ code: 'TRAILING_DATA' });
    await expect(unpack(Buffer.from('plain text'))).rejects.toMatchObject({ code: 'CORRUPT', offset: 0 });
    await expect(unpack()).rejects.toMatchObject({ code: 'TRUNCATED' });
  });

  test('notices a cut at any byte', async () => {
    const packed = gzipSync(content.subarray(0, 500));
    for (let length = 0; length < packed.length; length++) {
      await expect(unpack(packed.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
        code: 'TRUNCATED',
      });
    }
  });

  test('says how far it came', async () => {
    const packed = gzipSync(content);
    const run = decompress(packed.subarray(0, -4), 'gzip', { path: 'data.csv.gz' });
    const error = await run.bytes().catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(CodecError);
    expect(error).toMatchObject({
      code: 'TRUNCATED',
      offset: packed.length - 4,
      bytesOut: content.length,
      path: 'data.csv.gz',
    });
    expect((error as Error).message).toContain(`(data.csv.gz at byte ${packed.length - 4})`);
  });
});

describe('writing', () => {
  test('writes one member that says nothing of time, name or system', async () => {
    const stream = compress(chunked(content, 1000), 'gzip');
    const packed = Buffer.from(await stream.bytes());
    expect(packed.subarray(0, 10)).toEqual(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]));
    expect(gunzipSync(packed)).toEqual(content);
    expect(stream.stats).toEqual({ bytesIn: content.length, bytesOut: packed.length, members: 1 });
  });

  test('takes the names of levels, and no level that it does not have', async () => {
    const best = await compress(content, { codec: 'gzip', level: 'best' }).bytes();
    expect(best).toEqual(await compress(content, { codec: 'gzip', level: 9 }).bytes());
    expect(best.length).toBeLessThan(
      (await compress(content, { codec: 'gzip', level: 'fastest' }).bytes()).length,
    );
    expect(() => compress(content, { codec: 'gzip', level: 10 })).toThrow(/level 10.*from 0 to 9/);
  });
});

import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

import { compress, decompress } from '@x/codecs';
import { describe, expect, test } from 'vitest';

import { text } from './samples.ts';

const packedFile = (name: string): Buffer =>
  readFileSync(new URL(`fixtures/packed/${name}`, import.meta.url));
const unpack = (packed: Uint8Array, limits = {}): Promise<Uint8Array> =>
  decompress(packed, 'xz', { limits }).bytes();
const edited = (packed: Buffer, edit: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(packed);
  edit(bytes);
  return bytes;
};

/** `hello`, packed by `xz` with other filters and dictionaries than are usual. */
const hello = {
  x86: 'fd377a585a000004e6d6b44602010400210116000d86351f01000468656c6c6f00000000b137b9dbe5da1e9b00011d05b82d80af1fb6f37d010000000004595a',
  delta:
    'fd377a585a000004e6d6b44602010301002101167920c4ee01000468fd07000300000000b137b9dbe5da1e9b00011d05b82d80af1fb6f37d010000000004595a',
  wide: 'fd377a585a000004e6d6b44602002101220000008240acdc01000468656c6c6f00000000b137b9dbe5da1e9b00011d05b82d80af1fb6f37d010000000004595a',
};

test('streams can be read side by side', async () => {
  const packed = packedFile('blocks.xz');
  const both = [decompress(packed, 'xz'), decompress(packed, 'xz')].map((one) => one[Symbol.asyncIterator]());
  for (;;) {
    const [one, other] = [await both[0]!.next(), await both[1]!.next()];
    expect(one).toEqual(other);
    if (one.done === true) break;
  }
});

describe('refuses what it cannot read, and says what to do', () => {
  test.each(['x86', 'delta'] as const)('the filter %s', async (filter) => {
    await expect(unpack(Buffer.from(hello[filter], 'hex'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`filter ${filter}.*xz -dc`, 'i')) as string,
    });
  });

  test('a dictionary beyond limits.windowLog', async () => {
    const wide = Buffer.from(hello.wide, 'hex');
    await expect(unpack(wide)).rejects.toMatchObject({
      code: 'WINDOW_TOO_LARGE',
      message: expect.stringMatching(/536870912 bytes.*limits\.windowLog/) as string,
    });
    expect(Buffer.from(await unpack(wide, { windowLog: 29 })).toString()).toBe('hello');
  });

  test('a check that the format does not define', async () => {
    const unknown = edited(packedFile('plain.xz'), (bytes) => {
      bytes[7] = 2;
      bytes.writeUInt32LE(crc32(bytes.subarray(6, 8)), 8);
    });
    await expect(unpack(unknown)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('compares everything that a stream says of itself', () => {
  const plain = packedFile('plain.xz');
  const footerAt = plain.length - 12;
  const indexAt = footerAt - 4 * (plain.readUInt32LE(footerAt + 4) + 1);
  const resealIndex = (bytes: Buffer): void =>
    void bytes.writeUInt32LE(crc32(bytes.subarray(indexAt, footerAt - 4)), footerAt - 4);
  const resealFooter = (bytes: Buffer): void =>
    void bytes.writeUInt32LE(crc32(bytes.subarray(footerAt + 4, footerAt + 10)), footerAt);

  test('the number of blocks', async () => {
    const packed = edited(plain, (bytes) => {
      bytes[indexAt + 1] = 2;
      resealIndex(bytes);
    });
    await expect(unpack(packed)).rejects.toMatchObject({
      code: 'CORRUPT',
      problem: 'the index has 2 blocks, not 1',
    });
  });

  test('the lengths of blocks', async () => {
    const packed = edited(plain, (bytes) => {
      bytes[indexAt + 2]! ^= 1;
      resealIndex(bytes);
    });
    await expect(unpack(packed)).rejects.toMatchObject({ problem: 'the index does not match the blocks' });
  });

  test.each([
    ['the length of the index', 4, 1],
    ['the kind of check', 9, 5],
  ])('%s', async (_what, offset, mask) => {
    const packed = edited(plain, (bytes) => {
      bytes[footerAt + offset]! ^= mask;
      resealFooter(bytes);
    });
    await expect(unpack(packed)).rejects.toMatchObject({
      code: 'CORRUPT',
      problem: 'the footer contradicts the rest of the stream',
    });
  });

  test.each([1, 2, 3, 5])('%i bytes of padding, which must be a multiple of four', async (length) => {
    await expect(unpack(Buffer.concat([plain, Buffer.alloc(length)]))).rejects.toMatchObject({
      code: 'CORRUPT',
      problem: expect.stringContaining(`${length} bytes of padding`) as string,
    });
  });
});

test('writes one stream with a CRC-64, or none', async () => {
  const content = text(10_000);
  const packed = await compress(content, 'xz').bytes();
  expect(packed[7]).toBe(4);
  const unchecked = await compress(content, { codec: 'xz', checksum: false }).bytes();
  expect(unchecked[7]).toBe(0);
  for (const one of [packed, unchecked]) expect(content.equals(await unpack(one))).toBe(true);
});

test('every level is another effort', async () => {
  const content = text(300_000);
  const size = async (level: number): Promise<number> =>
    (await compress(content, { codec: 'xz', level }).bytes()).length;
  const least = await size(0);
  expect(least).not.toBe(await size(1));
  expect(least).toBeGreaterThan(await size(6));
});

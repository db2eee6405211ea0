import { compress, decompress } from '@x/codecs';
import { expect, test } from 'vitest';
import { createCompressStream, createUncompressStream } from 'snappy';

import { text } from './samples.ts';

const content = text(200_000);
const unpack = async (...parts: Uint8Array[]): Promise<Buffer> =>
  Buffer.from(await decompress(parts, 'snappy').bytes());
const chunk = (type: number, data: Uint8Array): Buffer => {
  const header = Buffer.from([type, 0, 0, 0]);
  header.writeUIntLE(data.length, 1, 3);
  return Buffer.concat([header, data]);
};

async function through(stream: ReturnType<typeof createCompressStream>, bytes: Uint8Array): Promise<Buffer> {
  stream.end(bytes);
  return Buffer.concat((await stream.toArray()) as Uint8Array[]);
}

test('another implementation of the framing reads what is written here, and the other way round', async () => {
  const packed = await compress(content, 'snappy').bytes();
  expect((await through(createUncompressStream(), packed)).equals(content)).toBe(true);
  expect((await unpack(await through(createCompressStream(), content))).equals(content)).toBe(true);
});

test('skips the chunks that may be skipped, and no others', async () => {
  const packed = Buffer.from(await compress(content, 'snappy').bytes());
  const [start, rest] = [packed.subarray(0, 10), packed.subarray(10)];
  for (const type of [0x80, 0xfd, 0xfe]) {
    const skipped = chunk(type, Buffer.alloc(100_000, 1));
    expect((await unpack(start, skipped, rest, skipped)).equals(content)).toBe(true);
    await expect(unpack(start, rest, skipped.subarray(0, -1))).rejects.toMatchObject({ code: 'TRUNCATED' });
  }
  for (const type of [0x02, 0x7f]) {
    await expect(unpack(start, chunk(type, Buffer.alloc(10)), rest)).rejects.toMatchObject({
      code: 'TRAILING_DATA',
      offset: 10,
      problem: `no chunk has the type ${type} and 10 bytes`,
    });
  }
});

test('a chunk cannot claim more than 64 KiB of content', async () => {
  const start = (await compress(content, 'snappy').bytes()).subarray(0, 10);
  const bomb = chunk(0, Buffer.from([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]));
  await expect(unpack(start, bomb)).rejects.toMatchObject({
    code: 'CORRUPT',
    problem: expect.stringContaining('64 KiB') as string,
  });
});

test('a block without frames is named as one', async () => {
  await expect(unpack(Buffer.from([5, 16, ...Buffer.from('hello')]))).rejects.toMatchObject({
    code: 'CORRUPT',
    hint: expect.stringContaining('Parquet') as string,
  });
});

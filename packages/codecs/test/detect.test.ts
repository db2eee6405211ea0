import { gzipSync } from 'node:zlib';

import { byName, codecs, compress, decompress, detectCodec } from '@x/codecs';
import { expect, test } from 'vitest';

test('recognises a codec by the name or the first bytes of a file', () => {
  expect(detectCodec('orders.csv.GZ')).toBe('gzip');
  expect(detectCodec('/data/orders.jsonl.zst')).toBe('zstd');
  expect(detectCodec('orders.csv')).toBeUndefined();
  expect(detectCodec(gzipSync('x'))).toBe('gzip');
  expect(detectCodec(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]))).toBe('zstd');
  expect(detectCodec(Buffer.from([0x5f, 0x2a, 0x4d, 0x18]))).toBe('zstd');
  expect(detectCodec(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]))).toBe('xz');
  expect(detectCodec(Buffer.from([0xff, 6, 0, 0, ...Buffer.from('sNaPpY')]))).toBe('snappy');
  expect(detectCodec(Buffer.from('BZh9'))).toBe('bzip2');
  expect(detectCodec(Buffer.from([0x04, 0x22, 0x4d, 0x18]))).toBe('lz4');
  expect(detectCodec(Buffer.from('id,name'))).toBeUndefined();
  expect(detectCodec(new Uint8Array())).toBeUndefined();
});

test('finds codecs by name', () => {
  for (const codec of codecs) expect(byName(codec.name)).toBe(codec);
  expect(byName('rar')).toBeUndefined();
});

test("'auto' prefers magic bytes to the extension, and guesses nothing", async () => {
  const packed = gzipSync('content');
  expect(Buffer.from(await decompress(packed, 'auto', { path: 'wrong.zst' }).bytes()).toString()).toBe(
    'content',
  );
  await expect(decompress(Buffer.from('id,name'), 'auto').bytes()).rejects.toMatchObject({
    code: 'UNKNOWN_FORMAT',
  });
  await expect(decompress(Buffer.from('id,name'), 'auto', { path: 'a.gz' }).bytes()).rejects.toMatchObject({
    code: 'CORRUPT',
  });
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 0]);
  const lz4 = Buffer.concat([skippable, await compress(Buffer.from('content'), 'lz4').bytes()]);
  expect(Buffer.from(await decompress(lz4, 'auto', { path: 'a.lz4' }).bytes()).toString()).toBe('content');
  expect(() => decompress(packed, 'rar')).toThrow(/no such codec.*gzip, zstd/);
});

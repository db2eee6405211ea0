import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { expect } from 'vitest';

import { convert } from '@x/convert';

import { table, test } from './scratch.ts';

const hasZstd = 'zstdCompressSync' in zlib;

test('the level is that of the codec', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(20_000) });
  const sizes = [];
  for (const level of ['fastest', 9] as const) {
    const target = join(folder, `${level}.jsonl.gz`);
    sizes.push((await convert(source!, target, { to: { level } })).bytesWritten);
    expect(zlib.gunzipSync(await readFile(target)).toString()).toMatch(/"id":"19999","name":"a"\}\n$/);
  }
  expect(sizes[0]).toBeGreaterThan(sizes[1]!);
});

test('the number of threads does not show in the bytes', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(200_000) });
  const [one, two] = [join(folder, 'one.jsonl.gz'), join(folder, 'two.jsonl.gz')];
  await convert(source!, one, { to: { threads: 1 } });
  await convert(source!, two, { to: { threads: 2 } });
  expect((await readFile(one)).equals(await readFile(two))).toBe(true);
});

test.skipIf(!hasZstd)(
  'a checksum can be left out [skipped: this Node.js has no zstd]',
  async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(10) });
    const sizes = [];
    for (const checksum of [true, false]) {
      sizes.push((await convert(source!, join(folder, 'b.jsonl.zst'), { to: { checksum } })).bytesWritten);
    }
    expect(sizes[0]! - sizes[1]!).toBe(4);
  },
);

test.skipIf(!hasZstd)(
  'a dictionary, there and back [skipped: this Node.js has no zstd]',
  async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(100) });
    const dictionary = Buffer.from('{"id":"","name":"a"}\n'.repeat(50));
    const [packed, back] = [join(folder, 'b.jsonl.zst'), join(folder, 'c.csv')];
    await convert(source!, packed, { to: { dictionary } });
    await expect(convert(packed, back, { atomic: true, from: { format: 'jsonl' } })).rejects.toMatchObject({
      name: 'ConvertError',
      path: packed,
    });
    await convert(packed, back, { from: { dictionary, format: 'jsonl' } });
    expect(await readFile(back, 'utf8')).toBe(table(100));
  },
);

test('a limit on what comes out of a compressed source', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv.gz': zlib.gzipSync(table(100_000)) });
  const run = convert(source!, join(folder, 'b.jsonl'), {
    atomic: true,
    from: { limits: { outputBytes: 1000 } },
  });
  await expect(run).rejects.toMatchObject({ code: 'LIMIT', path: source });
});

test('what cannot take effect is refused, with what was meant', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(1) });
  const run = (options: object) => convert(source!, join(folder, 'b.jsonl'), options);
  await expect(run({ to: { level: 3 } })).rejects.toMatchObject({
    code: 'BAD_OPTION',
    message: expect.stringContaining('to.level'),
    hint: expect.stringContaining('to.codec'),
  });
  await expect(run({ from: { level: 3 } })).rejects.toMatchObject({ hint: 'did you mean to.level?' });
  await expect(run({ to: { limits: {} } })).rejects.toMatchObject({ hint: 'did you mean from.limits?' });
});

test('values that no codec takes', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(1) });
  for (const to of [
    { level: 77 },
    { level: 'best-ever' },
    { threads: 0 },
    { threads: 'all' },
    { checksum: 1 },
  ]) {
    await expect(convert(source!, join(folder, 'b.jsonl.gz'), { to } as object)).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringMatching(/level|threads|checksum/),
    });
  }
});

test('limits hold for what turns out not to be compressed, too', async ({ put }) => {
  const [source] = await put({ 'a.csv': 'id\n1\n2\n' });
  const rows: Record<string, unknown>[] = [];
  await convert(source!, rows, { from: { limits: { outputBytes: 7, ratio: 10 } } });
  expect(rows).toEqual([{ id: '1' }, { id: '2' }]);
  for (const from of [source!, Readable.from([Buffer.from('id\n1\n2\n')], { objectMode: false })]) {
    const run = convert(from, [], { from: { format: 'csv', limits: { outputBytes: 6 } } });
    await expect(run).rejects.toMatchObject({ code: 'LIMIT' });
  }
  const misspelt = { outputbytes: 6 } as { outputBytes?: number };
  await expect(convert(source!, [], { from: { limits: misspelt } })).rejects.toMatchObject({
    code: 'BAD_OPTION',
    message: expect.stringContaining('expected { outputBytes, ratio, windowLog }'),
  });
});

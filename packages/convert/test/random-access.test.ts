import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, vi } from 'vitest';

import { type ByteSource, csv, type RandomAccessSource, type Reader } from '@x/formats';

import { convert, openReader } from '@x/convert';

import { canListOpenFiles, openFilesIn } from './open-files.ts';
import { table, test } from './scratch.ts';

/** Keeps its header at the end: the last `length` bytes say where the lines are. */
const tail = (asked: (source: RandomAccessSource) => void = () => {}) => ({
  ...csv(),
  name: 'tail',
  extensions: ['.tail'],
  capabilities: { ...csv().capabilities, randomAccess: 'required' as const },
  createReader: (bytes: ByteSource): Reader => {
    const source = bytes as RandomAccessSource;
    asked(source);
    return csv().createReader(reordered(source));
  },
});

async function* reordered(source: RandomAccessSource): AsyncGenerator<Uint8Array> {
  const header = 'id,name\n'.length;
  yield await source.readAt(source.size - header, header);
  yield await source.readAt(0, source.size - header);
}

const lines = table(20_000).slice('id,name\n'.length);
const content = `${lines}id,name\n`;
const openSpools = async (): Promise<string[]> =>
  (await openFilesIn(tmpdir())).filter((path) => path.includes('x-spool-'));

test('a file is read where it is, out of order', async ({ folder, put }) => {
  const [source] = await put({ 'a.tail': content });
  let size: number | undefined;
  const formats = [tail((given) => void ({ size } = given))];
  const target = join(folder, 'b.csv');
  const result = await convert(source!, target, { formats });
  expect(await readFile(target, 'utf8')).toBe(table(20_000));
  expect(size).toBe(content.length);
  expect(result.bytesRead).toBe(content.length);
});

test.for([
  ['a stream', () => Readable.from([Buffer.from(content.slice(0, 7)), Buffer.from(content.slice(7))]), {}],
  ['bytes', () => Buffer.from(content), {}],
  ['a compressed stream', () => Readable.from([gzipSync(content)]), { codec: 'gzip' }],
] as const)('%s is spooled to a temp file', async ([, source, from]) => {
  const rows: Record<string, unknown>[] = [];
  await convert(source(), rows, { formats: [tail()], from: { format: 'tail', ...from } });
  expect(rows).toHaveLength(20_000);
  expect(rows.at(-1)).toEqual({ id: '19999', name: 'a' });
});

test('so is a compressed file, to its verified end', async ({ folder, put }) => {
  const packed = gzipSync(content);
  const [good, cut] = await put({ 'a.tail.gz': packed, 'cut.tail.gz': packed.subarray(0, -9) });
  const target = join(folder, 'b.csv');
  const result = await convert(good!, target, { formats: [tail()] });
  expect(await readFile(target, 'utf8')).toBe(table(20_000));
  expect(result.bytesRead).toBe(packed.length);
  const run = convert(cut!, target, { formats: [tail()], atomic: true });
  await expect(run).rejects.toMatchObject({ code: 'TRUNCATED', path: cut });
  expect(await readFile(target, 'utf8')).toBe(table(20_000));
});

test.skipIf(!canListOpenFiles)(
  'the temp file has no name, and is given back when somebody stops reading [skipped: only Linux lists open files]',
  async ({ put }) => {
    const [source] = await put({ 'a.tail.gz': gzipSync(content) });
    const reader = await openReader(source!, { formats: [tail()] });
    for await (const row of reader) {
      expect(row).toEqual({ id: '0', name: 'a' });
      expect(await openSpools()).toEqual([expect.stringContaining('(deleted)')]);
      break;
    }
    expect(await openSpools()).toEqual([]);
  },
);

test('a folder for temporary files that is not there is named, with the way out', async ({ folder }) => {
  const missing = join(folder, 'gone');
  vi.stubEnv(process.platform === 'win32' ? 'TEMP' : 'TMPDIR', missing);
  try {
    const source = Readable.from([Buffer.from(content)], { objectMode: false });
    const run = convert(source, [], { formats: [tail()], from: { format: 'tail' } });
    await expect(run).rejects.toMatchObject({
      code: 'NO_TEMP_FOLDER',
      path: missing,
      message: expect.stringContaining(`${missing}, is not there`),
      hint: expect.stringContaining('TMPDIR'),
    });
  } finally {
    vi.unstubAllEnvs();
  }
});

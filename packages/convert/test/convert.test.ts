import { link, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as zlib from 'node:zlib';
import { describe, expect } from 'vitest';

import { convert, ConvertError } from '@x/convert';

import { test } from './scratch.ts';

const csv = 'id,name\n01,Zoë\n02,"a ""quote"",\nand a line"\n';
const jsonl = '{"id":"01","name":"Zoë"}\n{"id":"02","name":"a \\"quote\\",\\nand a line"}\n';
const hasZstd = 'zstdDecompressSync' in zlib;

describe.each([{ atomic: true }, { atomic: false }])('convert with %o', (options) => {
  test('CSV to JSONL, and what it reports', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
    await writeFile(source, csv);
    const result = await convert(source, target, options);
    expect(await readFile(target, 'utf8')).toBe(jsonl);
    expect(result).toMatchObject({ rowsRead: 2, rowsWritten: 2, rowsSkipped: 0, atomic: options.atomic });
    expect(result.bytesRead).toBe(Buffer.byteLength(csv));
    expect(result.bytesWritten).toBe(Buffer.byteLength(jsonl));
    expect(await readdir(folder)).toEqual(['a.csv', 'b.jsonl']);
  });

  test('CSV in gzip to JSONL in gzip, by file URL, over an old file', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.CSV.GZ'), join(folder, 'b.jsonl.gz')];
    await writeFile(source, zlib.gzipSync(csv));
    await writeFile(target, 'old');
    const result = await convert(pathToFileURL(source), pathToFileURL(target), options);
    const written = await readFile(target);
    expect(zlib.gunzipSync(written).toString()).toBe(jsonl);
    expect(result.bytesWritten).toBe(written.length);
  });

  test.skipIf(!hasZstd)('to JSONL in zstd [skipped: this Node.js has no zstd]', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl.zst')];
    await writeFile(source, csv);
    await convert(source, target, options);
    expect(zlib.zstdDecompressSync(await readFile(target)).toString()).toBe(jsonl);
  });

  test('what the content is beats what the name says', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
    await writeFile(source, zlib.gzipSync(csv));
    await convert(source, target, options);
    expect(await readFile(target, 'utf8')).toBe(jsonl);
  });

  test('what is said explicitly beats both', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.dat'), join(folder, 'b.dat')];
    await writeFile(source, csv);
    await convert(source, target, {
      ...options,
      from: { format: 'csv' },
      to: { format: 'jsonl', codec: 'gzip' },
    });
    expect(zlib.gunzipSync(await readFile(target)).toString()).toBe(jsonl);
  });

  test('a table without rows', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
    await writeFile(source, 'id,name\n');
    expect(await convert(source, target, options)).toMatchObject({ rowsRead: 0, bytesWritten: 0 });
    expect(await readFile(target, 'utf8')).toBe('');
  });

  test('a ragged row is an error with its place', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
    await writeFile(source, `${csv}03\n`);
    const error = await convert(source, target, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConvertError);
    expect(error).toMatchObject({ path: source, row: 3, line: 5, byteOffset: Buffer.byteLength(csv) });
    expect((error as ConvertError).cause).toBeInstanceOf(Error);
  });

  test('a missing source, a directory as source, a directory as destination', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
    await expect(convert(source, target, options)).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      path: source,
    });
    await expect(convert(folder, target, options)).rejects.toMatchObject({ code: 'SOURCE_IS_DIRECTORY' });
    await writeFile(source, csv);
    await mkdir(join(folder, 'd.jsonl'));
    const intoDirectory = convert(source, join(folder, 'd.jsonl'), options);
    await expect(intoDirectory).rejects.toMatchObject({ code: 'DESTINATION_IS_DIRECTORY' });
    const intoNowhere = convert(source, join(folder, 'no/b.jsonl'), options);
    await expect(intoNowhere).rejects.toMatchObject({ code: 'DESTINATION_NOT_FOUND' });
    expect(await readdir(folder)).toEqual(['a.csv', 'd.jsonl']);
  });

  test('a name that says no format', async ({ folder }) => {
    const source = join(folder, 'a.csv');
    await writeFile(source, csv);
    const conversion = convert(source, join(folder, 'b'), options);
    await expect(conversion).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
      hint: expect.stringContaining('jsonl'),
    });
  });

  test('an abort, before and while it runs, throws the reason', async ({ folder }) => {
    const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
    await writeFile(source, `id,name\n${'1,a\n'.repeat(1_000_000)}`);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(convert(source, target, { ...options, signal })).rejects.toThrow('enough');
    expect(await readdir(folder)).toEqual(['a.csv']);
    const controller = new AbortController();
    const running = convert(source, target, { ...options, signal: controller.signal });
    setImmediate(() => controller.abort(new Error('now')));
    await expect(running).rejects.toThrow('now');
  });
});

test('truncated gzip: nothing is published, the old file stays', async ({ folder }) => {
  const [source, target] = [join(folder, 'a.csv.gz'), join(folder, 'b.jsonl')];
  await writeFile(source, zlib.gzipSync(csv).subarray(0, -3));
  await writeFile(target, 'old');
  const conversion = convert(source, target, { atomic: true });
  await expect(conversion).rejects.toMatchObject({ code: 'TRUNCATED', path: source });
  expect(await readFile(target, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.csv.gz', 'b.jsonl']);
});

test('an abort midway leaves the old file and no temp', async ({ folder }) => {
  const target = join(folder, 'b.jsonl');
  await writeFile(target, 'old');
  const controller = new AbortController();
  async function* source() {
    const rows = Buffer.from('1,a\n'.repeat(10_000));
    while (!(await readdir(folder)).includes('b.jsonl.tmp')) yield rows;
    controller.abort(new Error('enough'));
    // It has no end, so only the abort can end it.
    for (;;) yield rows;
  }
  const from = { format: 'csv', header: false };
  const running = convert(source(), target, { from, atomic: true, signal: controller.signal });
  await expect(running).rejects.toThrow('enough');
  expect(await readFile(target, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['b.jsonl']);
});

test('onto itself: refused before truncation, also through links; atomically it works', async ({
  folder,
}) => {
  const source = join(folder, 'a.csv');
  await writeFile(source, csv);
  await symlink(source, join(folder, 'soft'));
  await link(source, join(folder, 'hard'));
  for (const name of ['a.csv', 'soft', 'hard']) {
    const conversion = convert(source, join(folder, name), { to: { format: 'jsonl' } });
    await expect(conversion).rejects.toMatchObject({
      code: 'SAME_FILE',
      hint: expect.stringContaining('atomic'),
    });
    expect(await readFile(source, 'utf8')).toBe(csv);
  }
  await convert(source, source, { to: { format: 'jsonl' }, atomic: true });
  expect(await readFile(source, 'utf8')).toBe(jsonl);
});

test('bad options name the option, the value and what is allowed', async ({ folder }) => {
  const path = join(folder, 'a.csv');
  const attempt = (options: object) => convert(path, path, options).catch((reason: ConvertError) => reason);
  expect(await attempt({ atomic: 'yes' })).toMatchObject({
    code: 'BAD_OPTION',
    message: expect.stringContaining("atomic ('yes')"),
  });
  expect(await attempt({ durability: 'some' })).toMatchObject({
    message: expect.stringMatching(/full.*data.*none/),
  });
  expect(await attempt({ atomc: true })).toMatchObject({
    message: expect.stringContaining('atomc'),
    hint: "did you mean 'atomic'?",
  });
});

test.skipIf(process.platform === 'win32')(
  'what goes into a device replaces nothing [skipped: Windows has none]',
  async () => {
    const result = await convert([{ a: 1 }], '/dev/null', { atomic: true, to: { format: 'csv' } });
    expect(result).toMatchObject({ rowsWritten: 1, bytesWritten: 4, atomic: false });
  },
);

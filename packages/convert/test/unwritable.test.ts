import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { convert, openReader, openWriter, pipeline } from '@x/convert';

import { table, test } from './scratch.ts';

const rowsOf = async (path: string): Promise<unknown[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe("with onError: 'skip', a row that the destination cannot hold", () => {
  test('is left out, counted, told and kept, and the others are written', async ({ folder }) => {
    const [target, rejects] = [join(folder, 'b.jsonl'), join(folder, 'rejects.jsonl')];
    const rows = [{ n: 1 }, { n: Number.NaN, big: 10n ** 30n }, { n: 3 }];
    const result = await convert(rows, target, { onError: 'skip', rejects, atomic: true });
    expect(result).toMatchObject({ rowsRead: 3, rowsWritten: 2, rowsSkipped: 1, rowsDropped: 0 });
    expect(result.errors).toMatchObject([
      { name: 'ConvertError', code: 'UNREPRESENTABLE', path: target, row: 2 },
    ]);
    expect(await rowsOf(target)).toEqual([{ n: 1 }, { n: 3 }]);
    const [reject] = await rowsOf(rejects);
    expect(reject).toMatchObject({ row: 2, column: 'n', code: 'UNREPRESENTABLE' });
    expect((reject as { record: string }).record).toBe('{"n":null,"big":"1000000000000000000000000000000"}');
  });

  test('without it is an error with its place, and nothing is published', async ({ folder }) => {
    const target = join(folder, 'b.jsonl');
    await expect(convert([{ n: 1 }, { n: Infinity }], target, { atomic: true })).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      path: target,
      row: 2,
      column: 'n',
    });
    await expect(readFile(target)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('in a pipeline is told by its row in the source', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(10) });
    const rejects = join(folder, 'rejects.jsonl');
    // The rows from 1 to 4 are dropped, so the seventh is the third that is written.
    const process = ({ id }: Record<string, unknown>) =>
      Number(id) < 4 ? null : { n: id === '6' ? Number.NaN : Number(id) };
    const options = { onError: 'skip', rejects } as const;
    const result = await pipeline(source!, join(folder, 'b.jsonl'), process, options);
    expect(result).toMatchObject({ rowsRead: 10, rowsWritten: 5, rowsSkipped: 1, rowsDropped: 4 });
    expect(await rowsOf(rejects)).toMatchObject([{ row: 7, column: 'n' }]);
  });

  test('a late key is such a row, in a destination with fixed columns', async ({ folder }) => {
    const [target, rejects] = [join(folder, 'b.csv'), join(folder, 'rejects.jsonl')];
    const rows = [{ a: 1 }, { a: 2, late: 'x' }, { a: 3 }];
    const result = await convert(rows, target, { onError: 'skip', rejects, batchSize: 1, scanLimit: 1 });
    expect(result).toMatchObject({ rowsWritten: 2, rowsSkipped: 1 });
    expect(await readFile(target, 'utf8')).toBe('a\n1\n3\n');
    expect(await rowsOf(rejects)).toMatchObject([{ row: 2, column: 'late', record: '{"a":2,"late":"x"}' }]);
  });

  test('every row of a batch may be one', async ({ folder }) => {
    const target = join(folder, 'b.jsonl.gz');
    const rows = Array.from({ length: 5000 }, () => ({ n: Number.NaN }));
    const result = await convert(rows, target, { onError: 'skip' });
    expect(result).toMatchObject({ rowsRead: 5000, rowsWritten: 0, rowsSkipped: 5000 });
    expect(result.errors).toHaveLength(100);
  });

  test('a row that JSON cannot tell of is kept as Node.js shows it', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(1) });
    const rejects = join(folder, 'rejects.jsonl');
    const process = (row: Record<string, unknown>) => {
      row['self'] = row;
      throw new Error('no');
    };
    await pipeline(source!, join(folder, 'b.jsonl'), process, { onError: 'skip', rejects });
    expect(await rowsOf(rejects)).toMatchObject([{ record: expect.stringContaining('[Circular') }]);
  });
});

test('openWriter: leaves such rows out as well, and its result adds up', async ({ folder }) => {
  const [target, rejects] = [join(folder, 'b.jsonl'), join(folder, 'rejects.jsonl')];
  const writer = await openWriter(target, { onError: 'skip', rejects, atomic: true });
  await writer.writeAll([{ n: 1 }, { n: Number.NaN }, { n: 3 }]);
  const result = await writer.commit();
  expect(result).toMatchObject({ rowsRead: 3, rowsWritten: 2, rowsSkipped: 1, atomic: true });
  expect(writer.rowsWritten).toBe(2);
  expect(await rowsOf(target)).toEqual([{ n: 1 }, { n: 3 }]);
  expect(await rowsOf(rejects)).toMatchObject([{ row: 2, column: 'n' }]);
});

test('openWriter: a writer that is given up publishes no rejects', async ({ folder }) => {
  const rejects = join(folder, 'rejects.jsonl');
  const writer = await openWriter(join(folder, 'b.jsonl'), { onError: 'skip', rejects, atomic: true });
  await writer.write({ n: Number.NaN });
  await writer.discard();
  await expect(readFile(rejects)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('openWriter: columns, rename and flatten are as in convert', async ({ folder }) => {
  const target = join(folder, 'b.csv');
  const writer = await openWriter(target, { columns: ['b', 'a'], rename: { 'b.x': 'B' }, flatten: true });
  await writer.writeAll([{ a: 1, b: { x: 2 }, c: 3 }, { a: 4 }]);
  await writer.commit();
  expect(await readFile(target, 'utf8')).toBe('B,a\n2,1\n,4\n');
});

test('openReader: with skip the bad rows are left out, counted, told and kept', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': `${table(2)}x\n3,c\n` });
  const rejects = join(folder, 'rejects.jsonl');
  const reader = await openReader(source!, { onError: 'skip', rejects });
  const rows = [];
  for await (const row of reader) rows.push(row);
  expect(rows).toHaveLength(3);
  expect(reader.rowsSkipped).toBe(1);
  expect(reader.errors).toMatchObject([{ code: 'RAGGED_ROW', path: source }]);
  expect(await rowsOf(rejects)).toMatchObject([{ line: 4, code: 'RAGGED_ROW', record: 'x\n' }]);
});

test('columns of rows from memory: those, in this order; one that no row has is an error', async ({
  folder,
}) => {
  const target = join(folder, 'b.csv');
  await convert([{ a: 1, b: 2, c: 3 }], target, { columns: ['c', 'a'] });
  expect(await readFile(target, 'utf8')).toBe('c,a\n3,1\n');
  await expect(convert([{ a: 1 }], target, { columns: ['z'] })).rejects.toMatchObject({
    code: 'UNKNOWN_COLUMN',
    column: 'z',
  });
});

test('a run that fails publishes no rejects and leaves no temp of them', async ({ folder, put }) => {
  const [source, rejects] = await put({ 'a.csv': 'a,b\n1\n2,3\n', 'out/rejects.jsonl': 'old' });
  const fail = (): never => {
    throw new Error('no final');
  };
  const options = { onError: 'skip', rejects: rejects!, atomic: true } as const;
  const run = pipeline(source!, join(folder, 'out/b.csv'), (row) => row, { ...options, final: fail });
  await expect(run).rejects.toThrow('no final');
  await expect(convert(join(folder, 'no.csv'), join(folder, 'out/b.csv'), options)).rejects.toThrow();
  expect(await readdir(join(folder, 'out'))).toEqual(['rejects.jsonl']);
  expect(await readFile(rejects!, 'utf8')).toBe('old');
});

test('rejects that cannot be opened: an abort throws its reason, all else a ConvertError', async ({
  folder,
  put,
}) => {
  const [source] = await put({ 'a.csv': 'id\n1\n' });
  const reason = new Error('enough');
  for (const open of [openReader, openWriter]) {
    const path = open === openReader ? source! : join(folder, 'b.jsonl');
    const aborted = open(path, { rejects: join(folder, 'r'), signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    const nowhere = open(path, { rejects: join(folder, 'no/r') });
    await expect(nowhere).rejects.toMatchObject({ name: 'ConvertError', code: 'ENOENT' });
  }
  expect(await readdir(folder)).toEqual(['a.csv']);
});

test('rejects that would take the place of the source or of the output are refused', async ({
  folder,
  put,
}) => {
  const [source] = await put({ 'a.csv': 'id\n1\n' });
  await symlink(source!, join(folder, 'link'));
  const target = join(folder, 'b.jsonl');
  const refused = { code: 'BAD_OPTION' };
  for (const rejects of [source!, join(folder, 'link'), target, `${folder}/./b.jsonl`]) {
    for (const atomic of [true, false]) {
      const options = { onError: 'skip', rejects, atomic } as const;
      await expect(convert(source!, target, options)).rejects.toMatchObject(refused);
    }
  }
  await expect(openReader(source!, { rejects: source! })).rejects.toMatchObject(refused);
  await expect(openWriter(target, { rejects: target })).rejects.toMatchObject(refused);
  expect(await readFile(source!, 'utf8')).toBe('id\n1\n');
  expect((await readdir(folder)).toSorted()).toEqual(['a.csv', 'link']);
});

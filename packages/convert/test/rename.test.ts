import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import { convert } from '@x/convert';

import { table, test } from './scratch.ts';

test('columns take new names and keep their places; two may swap theirs', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': 'id,name,note\n1,a,x\n2,b,y\n' });
  const target = join(folder, 'b.csv');
  await convert(source!, target, { rename: { id: 'name', name: 'id' }, batchSize: 1 });
  expect(await readFile(target, 'utf8')).toBe('name,id,note\n1,a,x\n2,b,y\n');
});

test('a table without rows is renamed as well', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': 'id,name\n' });
  const target = join(folder, 'b.csv');
  await convert(source!, target, { rename: { id: 'key' } });
  expect(await readFile(target, 'utf8')).toBe('key,name\n');
});

test('to and from __proto__, and names that every object has', async ({ put }) => {
  const [source] = await put({ 'a.csv': 'toString,b\n1,2\n' });
  const rows: Record<string, unknown>[] = [];
  await convert(source!, rows, { rename: { b: '__proto__' } });
  expect(JSON.stringify(rows)).toBe('[{"toString":"1","__proto__":"2"}]');
});

test('after flatten, by the flat names', async () => {
  const rows: Record<string, unknown>[] = [];
  await convert([{ a: { b: 1 } }], rows, { flatten: true, rename: { 'a.b': 'c' } });
  expect(rows).toEqual([{ c: 1 }]);
});

test('a name that no column has, and a name that another column has', async ({ folder, put }) => {
  const [source, target] = await put({ 'a.csv': table(1), 'b.csv': 'old' });
  await expect(convert(source!, target!, { rename: { nme: 'x' }, atomic: true })).rejects.toMatchObject({
    code: 'UNKNOWN_COLUMN',
    message: expect.stringContaining("'nme'"),
    hint: expect.stringContaining('id, name'),
    path: source,
  });
  await expect(convert(source!, target!, { rename: { id: 'name' }, atomic: true })).rejects.toMatchObject({
    code: 'DUPLICATE_COLUMN',
    message: expect.stringContaining("'name'"),
  });
  expect(await readFile(target!, 'utf8')).toBe('old');
  const [empty] = await put({ 'empty.csv': 'id,name\n' });
  await expect(convert(empty!, join(folder, 'c.csv'), { rename: { nme: 'x' } })).rejects.toMatchObject({
    code: 'UNKNOWN_COLUMN',
  });
});

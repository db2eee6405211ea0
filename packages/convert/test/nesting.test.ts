import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { convert, openReader } from '@x/convert';

import { test } from './scratch.ts';

type R = Record<string, unknown>;

async function changed(rows: R[], options: object): Promise<R[]> {
  const result: R[] = [];
  await convert(rows, result, options);
  return result;
}

describe('flatten', () => {
  test('goes through all levels, keeps lists and empty objects, and unflatten leads back', async () => {
    const rows: R[] = [
      { id: 1, a: { b: { c: { d: 'deep' } }, list: [{ x: 1 }, 2], none: {}, nil: null }, z: true },
      { id: 2, a: { b: 'shallow' }, late: { r: 1 } },
    ];
    const flat = await changed(rows, { flatten: true });
    expect(flat).toEqual([
      { id: 1, 'a.b.c.d': 'deep', 'a.list': [{ x: 1 }, 2], 'a.none': {}, 'a.nil': null, z: true },
      { id: 2, 'a.b': 'shallow', 'late.r': 1 },
    ]);
    expect(await changed(flat, { unflatten: true })).toEqual(rows);
    expect(await changed(rows, { flatten: true, unflatten: true })).toEqual(rows);
  });

  test('JSON Lines to CSV and back', async ({ folder, put }) => {
    const [source] = await put({ 'a.jsonl': '{"id":"1","at":{"city":"Köln","zip":"01067"}}\n' });
    const [flat, back] = [join(folder, 'b.csv'), join(folder, 'c.jsonl')];
    await convert(source!, flat, { flatten: true });
    expect(await readFile(flat, 'utf8')).toBe('id,at.city,at.zip\n1,Köln,01067\n');
    await convert(flat, back, { unflatten: true });
    expect(await readFile(back, 'utf8')).toBe(await readFile(source!, 'utf8'));
  });

  test('without it a nested value becomes JSON text in a flat format', async ({ folder }) => {
    const target = join(folder, 'b.csv');
    await convert([{ id: 1, at: { zip: '01067' }, list: [1, 'a'] }], target);
    expect(await readFile(target, 'utf8')).toBe('id,at,list\n1,"{""zip"":""01067""}","[1,""a""]"\n');
  });

  test('__proto__ on any level is data', async () => {
    const rows = [JSON.parse('{"a":{"__proto__":{"x":1},"y":2}}') as R];
    const flat = await changed(rows, { flatten: true });
    expect(flat).toEqual([{ 'a.__proto__.x': 1, 'a.y': 2 }]);
    const [back] = await changed(flat, { unflatten: true });
    expect(JSON.stringify(back)).toBe(JSON.stringify(rows[0]));
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('a Date, bytes and a Decimal are values, not objects to take apart', async () => {
    const rows = [{ a: { at: new Date(0), bytes: Uint8Array.of(1) } }];
    const [flat] = await changed(rows, { flatten: true });
    expect(flat).toEqual({ 'a.at': new Date(0), 'a.bytes': Uint8Array.of(1) });
  });

  test('two values for one column are refused with row and column, whichever comes first', async () => {
    for (const row of [
      { a: { b: 1 }, 'a.b': 2 },
      { 'a.b': 2, a: { b: 1 } },
    ]) {
      await expect(changed([{ a: 1 }, row], { flatten: true })).rejects.toMatchObject({
        code: 'COLUMN_COLLISION',
        row: 2,
        column: 'a.b',
      });
    }
  });

  test('a file is named in the error', async ({ put }) => {
    const [source] = await put({ 'a.jsonl': '{"a":{"b":1},"a.b":2}\n' });
    await expect(convert(source!, [], { flatten: true })).rejects.toMatchObject({
      code: 'COLUMN_COLLISION',
      path: source,
    });
  });

  test('a reader knows the flat columns before the first row', async () => {
    const reader = await openReader([{ a: { b: 1 } }], { flatten: true });
    expect(reader.schema.columns.map(({ name }) => name)).toEqual(['a.b']);
    await reader.close();
  });
});

describe('unflatten', () => {
  test('a value and an object of one name are refused, whichever comes first', async () => {
    for (const row of [
      { a: 1, 'a.b': 2 },
      { 'a.b': 2, a: 1 },
    ]) {
      await expect(changed([row], { unflatten: true })).rejects.toMatchObject({
        code: 'COLUMN_COLLISION',
        row: 1,
      });
    }
  });

  test('an object of the source that takes up more is not changed itself', async () => {
    const source = [{ a: { b: { c: 1 } }, 'a.b.d': 2, 'a.e': 3 }];
    const before = structuredClone(source);
    expect(await changed(source, { unflatten: true })).toEqual([{ a: { b: { c: 1, d: 2 }, e: 3 } }]);
    expect(source).toEqual(before);
  });

  test('names with dots at their ends, or two in a row, come back as they were', async () => {
    const rows = [{ '.a': 1, 'b.': 2, 'c..d': 3 }];
    const nested = await changed(rows, { unflatten: true });
    expect(nested).toEqual([{ '': { a: 1 }, b: { '': 2 }, c: { '': { d: 3 } } }]);
    expect(await changed(nested, { flatten: true })).toEqual(rows);
  });
});

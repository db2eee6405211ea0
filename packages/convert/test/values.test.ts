import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { convert, openWriter, pipeline } from '@x/convert';

import { test } from './scratch.ts';

type R = Record<string, unknown>;

class Order {
  id = 1;
  readonly #secret = 2;
  get total(): number {
    return this.#secret;
  }
}

// oxlint-disable-next-line no-sparse-arrays
const withHole = [, 1];
const strange: Readonly<Record<string, unknown>> = {
  'a function': () => 1,
  'a symbol': Symbol('s'),
  'a Map': new Map([['a', 1]]),
  'a Set': new Set([1]),
  'a URL': new URL('http://localhost/'),
  'an Error': new Error('e'),
  'a Promise': Promise.resolve(1),
  'a RegExp': /r/,
  'a Float32Array': new Float32Array([1.5]),
  'a list with holes': withHole,
};

describe('a value that no format has a form for', () => {
  test.for(Object.entries(strange))(
    '%s is refused with row and column, also inside others',
    async ([name, value], { folder }) => {
      for (const format of ['jsonl', 'csv']) {
        for (const v of [value, { in: [value] }]) {
          const target = join(folder, `b.${format}`);
          await expect(convert([{ v: 1 }, { v }], target, { atomic: true })).rejects.toMatchObject({
            code: 'NOT_A_VALUE',
            message: `${name} cannot be written`,
            row: 2,
            column: 'v',
          });
        }
      }
    },
  );

  test('of process, it is left out with skip, and leaves no column behind', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': 'id\n1\n2\n' });
    const target = join(folder, 'b.csv');
    const odd = (row: R): R => (row['id'] === '1' ? { odd: () => 1, ...row } : row);
    const result = await pipeline(source!, target, odd, { onError: 'skip' });
    expect(result).toMatchObject({ rowsRead: 2, rowsWritten: 1, rowsSkipped: 1 });
    expect(await readFile(target, 'utf8')).toBe('id\n2\n');
  });

  test('among rows, it is left out with skip, as what is no row', async ({ folder }) => {
    const target = join(folder, 'b.jsonl');
    const rows = [{ a: () => 1 }, null, new Map(), { a: 2 }] as R[];
    const result = await convert(rows, target, { onError: 'skip', rejects: join(folder, 'bad.jsonl') });
    expect(result).toMatchObject({ rowsRead: 4, rowsWritten: 1, rowsSkipped: 3 });
    expect(await readFile(target, 'utf8')).toBe('{"a":2}\n');
    const rejects = (await readFile(join(folder, 'bad.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(rejects.map((line) => JSON.parse(line) as R)).toMatchObject([
      { row: 1, code: 'NOT_A_VALUE' },
      { row: 2, code: 'NOT_A_ROW' },
      { row: 3, code: 'NOT_A_ROW' },
    ]);
  });

  test('a writer refuses it', async ({ folder }) => {
    const writer = await openWriter(join(folder, 'b.jsonl'), { atomic: true });
    await expect(writer.write({ a: new Map() })).rejects.toMatchObject({ code: 'NOT_A_VALUE', row: 1 });
  });

  test('it does not get into memory either, where a Map would be an empty object', async () => {
    await expect(convert([{ a: new Map([[1, 2]]) }], [])).rejects.toMatchObject({
      code: 'NOT_A_VALUE',
      column: 'a',
    });
  });

  test('one that contains itself is refused, not followed for ever', async ({ folder }) => {
    const self: R = {};
    self['self'] = self;
    for (const destination of [join(folder, 'b.jsonl'), join(folder, 'b.csv'), []]) {
      for (const options of [{}, { flatten: true }, { unflatten: true }]) {
        const refused = { name: 'ConvertError', code: 'NOT_A_VALUE', row: 1, column: 'self' };
        await expect(convert([{ self }], destination, options)).rejects.toMatchObject(refused);
      }
    }
  });
});

test('a row whose keys are not what it holds is no row', async () => {
  for (const wrong of [
    new Map([['a', 1]]),
    new Set(),
    new Date(),
    Promise.resolve({ a: 1 }),
    new URL('a:b'),
  ]) {
    const rows = [{ a: 1 }, wrong] as unknown as R[];
    await expect(convert(rows, [])).rejects.toMatchObject({ code: 'NOT_A_ROW', row: 2 });
  }
});

test('instances of a class are rows and values of the fields that they have', async ({ folder }) => {
  const target = join(folder, 'b.jsonl');
  await convert([{ order: new Order() }, new Order()], target);
  expect(await readFile(target, 'utf8')).toBe('{"order":{"id":1}}\n{"id":1}\n');
});

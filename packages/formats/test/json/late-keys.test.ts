import { csv, json, type JsonReadOptions, jsonl } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf, through } from '../bytes.ts';

const early = '{"b":1,"a":"x"}\n'.repeat(3);
const text = `${early}{"a":"y","late":[true],"b":2}\n{"b":3}\n{"later":null,"a":"z"}\n`;
const read = (options?: JsonReadOptions, size?: number) =>
  jsonl().createReader(chunked(text, size), { scanLimit: 2, ...options });

describe('a key that none of the rows looked at has', () => {
  test('is a further column from its batch on, and no value is lost', async () => {
    for (const size of [1, 10, 1000]) {
      const reader = read({}, size);
      const seen: [number, string[]][] = [];
      expect(await columnsOf(reader)).toEqual(['b', 'a']);
      for await (const { firstRow, schema } of reader) {
        seen.push([firstRow, schema.columns.map(({ name }) => name)]);
      }
      expect(seen).toEqual([
        [0, ['b', 'a']],
        [3, ['b', 'a', 'late']],
        [5, ['b', 'a', 'late', 'later']],
      ]);
      expect(await columnsOf(reader)).toEqual(['b', 'a', 'late', 'later']);
    }
    expect(await rowsOf(read())).toEqual([
      [1, 'x'],
      [1, 'x'],
      [1, 'x'],
      [2, 'y', [true]],
      [3, undefined, undefined],
      [undefined, 'z', undefined, null],
    ]);
  });

  test('is written to JSON as it was, keys in their order', async () => {
    expect(await through(read(), jsonl())).toBe(text);
    expect(await through(read(), json())).toBe(`[\n${text.trim().split('\n').join(',\n')}\n]\n`);
  });

  test('is refused by a header that is written already, with its place in the source', async () => {
    await expect(through(read(), csv())).rejects.toMatchObject({
      code: 'EXTRA_KEY',
      row: 4,
      field: 'late',
      line: 4,
      hint: expect.stringContaining('scanLimit'),
    });
    expect(await through(read({ scanLimit: 6 }), csv())).toBe(
      'b,a,late,later\n1,x,,\n1,x,,\n1,x,,\n2,y,[true],\n3,,,\n,z,,\n',
    );
  });

  test('is an error on request, with its place', async () => {
    await expect(rowsOf(read({ onExtraKey: 'error' }))).rejects.toMatchObject({
      code: 'EXTRA_KEY',
      line: 4,
      column: 10,
      row: 4,
      field: 'late',
    });
  });

  test('is left out on request, and where columns are named', async () => {
    const expected = [
      [1, 'x'],
      [1, 'x'],
      [1, 'x'],
      [2, 'y'],
      [3, undefined],
      [undefined, 'z'],
    ];
    expect(await rowsOf(read({ onExtraKey: 'drop' }))).toEqual(expected);
    expect(await rowsOf(read({ columns: ['b', 'a'] }))).toEqual(expected);
    expect(await through(read({ onExtraKey: 'drop' }), jsonl())).toBe(
      `${early}{"b":2,"a":"y"}\n{"b":3}\n{"a":"z"}\n`,
    );
  });

  test('is a row’s own where there are more than columns can be: refused with the place', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `{"id${i}":${i}}\n`).join('');
    const own = (options: JsonReadOptions) => jsonl().createReader(chunked(lines), options);
    expect((await rowsOf(own({ maxColumns: 300 }))).at(-1)).toHaveLength(300);
    for (const scanLimit of [1, 1000]) {
      await expect(rowsOf(own({ maxColumns: 200, scanLimit }))).rejects.toMatchObject({
        code: 'LIMIT',
        problem: 'more than 200 different keys',
        line: scanLimit === 1 ? 201 : 1,
      });
    }
  });
});

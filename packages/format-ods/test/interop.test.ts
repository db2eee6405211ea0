import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ods, type OdsReadOptions } from '@x/format-ods';
import { readRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const read = (name: string, options: OdsReadOptions = {}) =>
  readRows(ods(), readFileSync(join(import.meta.dirname, 'fixtures', `${name}.ods`)), options);

describe('what LibreOffice writes', () => {
  test('days, moments and times, whatever is shown of them', async () => {
    const { rows, columns } = await read('date', { header: false });
    expect(rows).toEqual([
      [new Date('2021-01-01'), 15],
      [new Date('2021-01-01T10:10:10Z'), 16],
      ['10:10:10', 17],
      ['10:10:10.123456', 18],
    ]);
    expect(columns.map(({ name, type }) => [name, type.kind])).toEqual([
      ['A', 'any'],
      ['B', 'any'],
    ]);
    const first = await read('date', { header: false, scanLimit: 2, limit: 2 });
    expect(first.columns[0]!.type).toEqual({ kind: 'timestamp', unit: 'ms', zoned: false });
    await expect(read('date', { header: false, scanLimit: 2 })).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
      row: 3,
      field: 'A',
      problem: expect.stringContaining('A3'),
    });
  });

  test('a million empty rows at the end are none, or are there where that is asked for', async () => {
    expect((await read('date', { header: false, emptyRows: 'skip' })).rows).toHaveLength(4);
    let rows = 0;
    const bytes = readFileSync(join(import.meta.dirname, 'fixtures/date.ods'));
    const source = {
      size: bytes.length,
      readAt: async (at: number, length: number) => bytes.subarray(at, at + length),
    };
    const options = { header: false, emptyRows: 'keep' } as const;
    for await (const batch of ods().createReader(source as never, options)) rows += batch.rowCount;
    expect(rows).toBe(1_048_576);
  });

  test('lines and blanks', async () => {
    expect((await read('special_cells', { header: false })).rows).toEqual([
      ['Split\nLine'],
      ['Value  With spaces'],
      ['Value   With 3 spaces'],
      [' Value   With spaces before and after '],
      ['  Value   With 2 spaces before and after  '],
    ]);
  });

  test('merged cells are empty but for the first, unless they have kept a value', async () => {
    expect(await read('merged_cells')).toMatchObject({
      names: ['A', 'B', 'C'],
      rows: [
        ['A', 'B', 'C'],
        [null, null, 'C'],
      ],
    });
    expect((await read('covered')).rows).toEqual([['a2'], ['a3']]);
  });

  test('a comment is no text of its cell', async () => {
    expect((await read('with-annotation', { header: false })).rows).toEqual([['cell a.1']]);
  });

  test('a file with a password', async () => {
    await expect(read('pass_protected')).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      format: 'ods',
      problem: expect.stringContaining('password'),
    });
  });
});

test.each([1, 2, 3, 'Sheet3'])('rows that Excel says are there twice, of the sheet %j', async (sheet) => {
  const { names, rows } = await read('number_rows_repeated', { sheet });
  const row = ['C', 'D'];
  const none = [null, null];
  expect(names).toEqual(['A', 'B']);
  expect(rows).toEqual([row, row, none, none, row, none, row]);
});

test('a small file that stands for more cells than a sheet has', async () => {
  await expect(read('issue_594_dos', { header: false })).rejects.toMatchObject({
    code: 'CORRUPT',
    problem: expect.stringContaining('A1'),
  });
});

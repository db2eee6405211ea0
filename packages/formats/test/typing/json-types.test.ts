import { csv, Decimal, type FormatError, type JsonReadOptions, jsonl } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, rowsOf, through } from '../bytes.ts';

const read = (lines: readonly string[], options?: JsonReadOptions) =>
  jsonl().createReader(chunked(lines.map((value) => `{"a":${value}}\n`).join('')), options);

const kindOf = async (...values: string[]) => {
  const { columns } = await read(values, { types: 'infer' }).schema();
  return columns[0]!.type.kind;
};

describe('a column is inferred', () => {
  test.each([
    ['integer', ['1', '-2', 'null', '9223372036854775807']],
    ['float64', ['0.5', '1', '0.10']],
    ['boolean', ['true', 'null']],
    ['string', ['"1"', '""']],
    ['json', ['[1]', '{"x":null}']],
    ['any', ['1', '"x"']],
    ['any', ['9223372036854775808']],
    ['any', ['1e400']],
    ['any', ['9007199254740993', '0.5']],
    ['any', ['null']],
    ['any', ['1', 'true']],
    ['any', ['[1]', '1']],
  ])('as %s from %j', async (kind, values) => {
    expect(await kindOf(...values)).toBe(kind);
  });
});

test('a type is asked for, of text and of numbers', async () => {
  expect(await rowsOf(read(['"1"', '2', 'null'], { types: { a: 'integer' } }))).toEqual([[1], [2], [null]]);
  expect(await rowsOf(read(['1', '"x"', '[1, 0.10]'], { types: { a: 'text' } }))).toEqual([
    ['1'],
    ['x'],
    ['[1, 0.10]'],
  ]);
  expect(await rowsOf(read(['"2024-02-29"'], { types: { a: 'date' } }))).toEqual([[new Date('2024-02-29')]]);
  expect(await rowsOf(read(['0.1234567890123456789'], { types: { a: 'decimal' } }))).toEqual([
    [new Decimal('0.1234567890123456789')],
  ]);
  expect(await rowsOf(read(['"{\\"x\\":[1]}"'], { types: { a: 'json' } }))).toEqual([[{ x: [1] }]]);
});

test('types may be told of a column that is not among those wanted, or where there are no rows', async () => {
  const options = { types: { a: 'integer', b: 'text' }, columns: ['b'] } as const;
  expect(await rowsOf(jsonl().createReader(chunked('{"a":"x","b":1}\n'), options))).toEqual([['1']]);
  expect(await rowsOf(jsonl().createReader(chunked(''), options))).toEqual([]);
  await expect(
    rowsOf(jsonl().createReader(chunked('{"b":1}\n'), { types: { c: 'text' } })),
  ).rejects.toMatchObject({ code: 'NO_SUCH_COLUMN', field: 'c' });
});

describe('a value that is not of its column’s type', () => {
  const values = ['1', '2', '"x"', '4'];

  test('is an error with its place', async () => {
    await expect(rowsOf(read(values, { types: 'infer', scanLimit: 2 }))).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
      format: 'jsonl',
      line: 3,
      column: 7,
      row: 3,
      field: 'a',
    });
  });

  test('is left out and told', async () => {
    const told: unknown[] = [];
    const onBadRow = ({ row }: FormatError) => void told.push(row);
    expect(await rowsOf(read(values, { types: 'infer', scanLimit: 2, onBadRow }))).toEqual([[1], [2], [4]]);
    expect(told).toEqual([3]);
  });

  test('makes the type give way on request', async () => {
    const options = { types: 'infer', scanLimit: 2, onTypeMismatch: 'widen' } as const;
    expect(await rowsOf(read(values, options))).toEqual([[1], [2], ['x'], [4]]);
    expect(await through(read(values, options), csv())).toBe('a\n1\n2\nx\n4\n');
  });
});

test('texts that mean null', async () => {
  expect(await rowsOf(read(['""', '"-"', '"x"', '0'], { nullValues: ['', '-'] }))).toEqual([
    [null],
    [null],
    ['x'],
    [0],
  ]);
});

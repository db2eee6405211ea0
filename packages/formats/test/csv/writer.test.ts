import { csv, Decimal, rowsBatch, tsv } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, rowsOf, schemaOf, written } from '../bytes.ts';

describe('cells', () => {
  test('are quoted where they have to be', async () => {
    const rows = [
      ['plain', 'a,b', 'say "hi"'],
      ['two\nlines', 'cr\r', ' spaces '],
    ];
    expect(await written(csv(), [rowsBatch(schemaOf('x', 'y,z', 'w'), rows, 0)])).toBe(
      'x,"y,z",w\nplain,"a,b","say ""hi"""\n"two\nlines","cr\r", spaces \n',
    );
    expect(await written(tsv(), [rowsBatch(schemaOf('x'), [['a,b'], ['a\tb']], 0)])).toBe('x\na,b\n"a\tb"\n');
  });

  test('every kind of value has its text', async () => {
    const row = [
      null,
      undefined,
      true,
      1.5,
      -0,
      12345678901234567890n,
      new Decimal('0.10'),
      new Date(0),
      Buffer.from('hi'),
      [1, { a: 'x' }],
    ];
    const batch = rowsBatch(schemaOf(...'abcdefghij'.split('')), [row], 0);
    expect(await written(csv(), [batch], { header: false })).toBe(
      ',,true,1.5,-0,12345678901234567890,0.10,1970-01-01T00:00:00.000Z,aGk=,"[1,{""a"":""x""}]"\n',
    );
  });

  test('a lone empty cell is not a blank line', async () => {
    const text = await written(csv(), [rowsBatch(schemaOf('a'), [['1'], [null], ['']], 0)]);
    expect(text).toBe('a\n1\n""\n""\n');
    expect(await rowsOf(csv().createReader(chunked(text)))).toEqual([['1'], [''], ['']]);
  });

  test('half of a surrogate pair is refused with its place', async () => {
    const batch = rowsBatch(schemaOf('a', 'b'), [['x', '\ud83d']], 7);
    await expect(written(csv(), [batch])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 8,
      field: 'b',
    });
  });
});

test('line ending and header by option', async () => {
  const batch = rowsBatch(schemaOf('a', 'b'), [['1', '2']], 0);
  expect(await written(csv(), [batch], { lineEnding: '\r\n' })).toBe('a,b\r\n1,2\r\n');
  expect(await written(csv(), [batch], { header: false })).toBe('1,2\n');
});

test('a table without rows still has its header', async () => {
  expect(await written(csv(), [], undefined, schemaOf('a', 'b'))).toBe('a,b\n');
  expect(await written(csv(), [], undefined, schemaOf())).toBe('');
});

import { csv, type CsvReadOptions, type FormatError } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf } from '../bytes.ts';

const read = (text: string | Uint8Array, options?: CsvReadOptions, chunkSize?: number) =>
  csv().createReader(chunked(text, chunkSize), options);

describe('ragged rows', () => {
  const text = 'a,b\n1\n2,3\n4,5,6\n';

  test('pad: a short row ends in nulls, a long one is an error', async () => {
    expect(await rowsOf(read('a,b,c\n1\n2,3\n', { onRagged: 'pad' }))).toEqual([
      ['1', null, null],
      ['2', '3', null],
    ]);
    await expect(rowsOf(read(text, { onRagged: 'pad' }))).rejects.toMatchObject({
      code: 'RAGGED_ROW',
      line: 4,
    });
  });

  test('truncate: a short row ends in nulls, a long one is cut', async () => {
    expect(await rowsOf(read(text, { onRagged: 'truncate' }))).toEqual([
      ['1', null],
      ['2', '3'],
      ['4', '5'],
    ]);
  });

  test('skip: the row is left out, and told', async () => {
    const told: (number | undefined)[] = [];
    const options = {
      onRagged: 'skip' as const,
      onBadRow: (error: FormatError) => void told.push(error.row),
    };
    expect(await rowsOf(read(text, options))).toEqual([['2', '3']]);
    expect(told).toEqual([1, 3]);
    expect(await rowsOf(read(text, { onRagged: 'skip' }))).toEqual([['2', '3']]);
  });

  test('the rows in front of the refused one are given first', async () => {
    const rows: unknown[] = [];
    const reading = async () => {
      for await (const batch of read('a,b\n1,2\n3,4\n5\n')) rows.push(...batch.rows());
    };
    await expect(reading()).rejects.toMatchObject({ code: 'RAGGED_ROW', row: 3 });
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });
});

describe('names of columns', () => {
  test('the second of two gets a number that is free', async () => {
    const options = { onDuplicateColumn: 'rename' as const };
    expect(await columnsOf(read('a,a,a_2,a\n', options))).toEqual(['a', 'a_3', 'a_2', 'a_4']);
  });

  test('an empty one is named by its place', async () => {
    const options = { onEmptyColumnName: 'rename' as const };
    expect(await columnsOf(read('a,,column2,""\n', options))).toEqual([
      'a',
      'column2_2',
      'column2',
      'column4',
    ]);
  });
});

describe('nulls', () => {
  test('none by default', async () => {
    expect(await rowsOf(read('a,b\n,""\n'))).toEqual([['', '']]);
  });

  test('the empty cell, told from the quoted empty cell', async () => {
    expect(await rowsOf(read('a,b\n,""\n', { nullValues: [''] }))).toEqual([[null, '']]);
  });

  test('any texts, where they are not quoted', async () => {
    const options = { nullValues: ['NULL', 'n/a'] };
    expect(await rowsOf(read('a,b,c,d\nNULL,"NULL",n/a,null\n', options))).toEqual([
      [null, 'NULL', null, 'null'],
    ]);
  });
});

describe('bad rows are left out and told, with their bytes', () => {
  const told = async (text: string | Uint8Array, options: CsvReadOptions = {}, size?: number) => {
    const bad: unknown[] = [];
    const onBadRow = (error: FormatError, record: Uint8Array) => {
      const { code, line, row, byteOffset } = error;
      bad.push({ code, line, row, byteOffset, record: Buffer.from(record).toString('latin1') });
    };
    const rows: unknown[] = [];
    for await (const batch of read(text, { ...options, onBadRow }, size)) {
      let row = batch.firstRow;
      for (const values of batch.rows()) rows.push([++row, ...values]);
    }
    return { rows, bad };
  };

  test.each([1, 7, 1000])('in chunks of %i bytes', async (size) => {
    const text = 'a,b\n1,2\n3\n"x"y,4\n5,6\n7,8,9\n10,11\n"open,12\n13,14\n';
    expect(await told(text, {}, size)).toEqual({
      rows: [
        [1, '1', '2'],
        [4, '5', '6'],
        [6, '10', '11'],
      ],
      bad: [
        { code: 'RAGGED_ROW', line: 3, row: 2, byteOffset: 8, record: '3\n' },
        { code: 'TEXT_AFTER_QUOTE', line: 4, row: 3, byteOffset: 13, record: '"x"y,4\n' },
        { code: 'RAGGED_ROW', line: 6, row: 5, byteOffset: 25, record: '7,8,9\n' },
        { code: 'OPEN_QUOTE', line: 8, row: 7, byteOffset: 33, record: '"open,12\n13,14\n' },
      ],
    });
  });

  test('bytes that are not UTF-8', async () => {
    const bytes = Buffer.from('a,b\n1,2\ncaf\xe9,3\n4,5\n\xff,\n6,7\n', 'latin1');
    expect(await told(bytes)).toEqual({
      rows: [
        [1, '1', '2'],
        [3, '4', '5'],
        [5, '6', '7'],
      ],
      bad: [
        { code: 'INVALID_TEXT', line: 3, row: 2, byteOffset: 11, record: 'caf\xe9,3\n' },
        { code: 'INVALID_TEXT', line: 5, row: 4, byteOffset: 19, record: '\xff,\n' },
      ],
    });
  });

  test('cells that are not of their type', async () => {
    const { rows, bad } = await told('a,b\n1,x\n2,y\nthree,z\n4,w\n', { types: 'infer', scanLimit: 2 });
    expect(rows).toEqual([
      [1, 1, 'x'],
      [2, 2, 'y'],
      [4, 4, 'w'],
    ]);
    expect(bad).toEqual([{ code: 'TYPE_MISMATCH', line: 4, row: 3, byteOffset: 12, record: 'three,z' }]);
  });

  test('the header is no row', async () => {
    await expect(told('a,"b"x\n1,2\n')).rejects.toMatchObject({
      code: 'TEXT_AFTER_QUOTE',
      line: 1,
      row: undefined,
    });
  });
});

test('a record that is too large is refused before it fills the memory', async () => {
  async function* endless() {
    yield Buffer.from('a,b\n1,"');
    for (;;) yield Buffer.alloc(65_536, 'x');
  }
  await expect(rowsOf(csv().createReader(endless(), { maxRecordBytes: 1_000_000 }))).rejects.toMatchObject({
    code: 'LIMIT',
    line: 2,
    byteOffset: 4,
  });
});

test('text after a quote leaves out its line, wherever what is in memory ends', async () => {
  const lines = (size: number) => ['a,b', `1,${'x'.repeat(size)}`, `"2"y,${'z'.repeat(99)}`, '3,4', '5', ''];
  for (const end of ['\n', '\r\n', '\r']) {
    // The first of them is as long as the reader holds at once, more or less.
    for (let size = 256 * 1024 - 130; size < 256 * 1024 + 5; size++) {
      const bad: unknown[] = [];
      const onBadRow = ({ code, row, line, column }: FormatError, record: Uint8Array) =>
        bad.push([code, row, line, column, record.length]);
      const rows = await rowsOf(read(lines(size).join(end), { onBadRow }, 1 << 20));
      expect(rows.map(([a]) => a)).toEqual(['1', '3']);
      expect(bad).toEqual([
        ['TEXT_AFTER_QUOTE', 2, 3, 4, 104 + end.length],
        ['RAGGED_ROW', 4, 5, 1, 1 + end.length],
      ]);
    }
  }
});

test('rows in part are told of where they are given on', async () => {
  const told: number[] = [];
  const options = {
    onRagged: 'truncate',
    skip: 1,
    limit: 1,
    onPartialRow: (row: number) => told.push(row),
  } as const;
  expect(await rowsOf(read('a\n1,2\n3,4\n5,6\n', options))).toEqual([['3']]);
  expect([...new Set(told)]).toEqual([2]);
});

import { csv, type CsvReadOptions, tsv } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf } from '../bytes.ts';

const read = (text: string, options?: CsvReadOptions) => csv().createReader(chunked(text), options);

describe('quotes', () => {
  test('none, where there are none', async () => {
    expect(await rowsOf(read('a,b\n"1,2"\n', { quote: '' }))).toEqual([['"1', '2"']]);
    expect(await rowsOf(tsv().createReader(chunked('a\tb\n5"\t"x\n'), { quote: '' }))).toEqual([
      ['5"', '"x'],
    ]);
  });

  test('another character', async () => {
    expect(await rowsOf(read(`a,b\n'1,''2',"x"\n`, { quote: "'" }))).toEqual([[`1,'2`, '"x"']]);
  });

  test('an escape takes the meaning from the character after it', async () => {
    const text = String.raw`a,b
"say \"hi\"",c:\\dir
"two ""ways""",a\,b
"back\\",x\
y
`;
    expect(await rowsOf(read(text, { escape: '\\' }))).toEqual([
      ['say "hi"', 'c:\\dir'],
      ['two "ways"', 'a,b'],
      ['back\\', 'x\ny'],
    ]);
  });

  test('an escape that is the quote is a doubled quote', async () => {
    expect(await rowsOf(read('a\n"x""y"\n', { escape: '"' }))).toEqual([['x"y']]);
  });

  test('with an escape, a null is looked for as it is spelled', async () => {
    const options = { escape: '\\', quote: '', nullValues: ['\\N'] };
    expect(await rowsOf(tsv().createReader(chunked('a\tb\n\\N\tN\n'), options))).toEqual([[null, 'N']]);
  });
});

describe('comments', () => {
  test('are left out, wherever a line begins with the character', async () => {
    const text = '# made by hand\na,b\n1,#2\n#3,4\n"#5",6\n# the end';
    expect(await rowsOf(read(text, { comment: '#' }))).toEqual([
      ['1', '#2'],
      ['#5', '6'],
    ]);
  });

  test('count as lines', async () => {
    await expect(rowsOf(read('a,b\n#\n1\n', { comment: '#' }))).rejects.toMatchObject({ line: 3, row: 1 });
  });
});

describe('the delimiter is found out', () => {
  test.each([
    ['a,b\n1,2\n', [['1', '2']]],
    ['a;b\n1,5;2\n', [['1,5', '2']]],
    ['a\tb c\n1\t2,3\n', [['1', '2,3']]],
    ['a|b\n"1|2"|3\n', [['1|2', '3']]],
    ['a;b\n"x,y,z\nw";3\n', [['x,y,z\nw', '3']]],
    ['a\n1\n', [['1']]],
    [
      'a,b;c\n1,2;3\n4,5;6,7',
      [
        ['1,2', '3'],
        ['4,5', '6,7'],
      ],
    ],
    [
      'a;b\r1;2\r3;4,5\r',
      [
        ['1', '2'],
        ['3', '4,5'],
      ],
    ],
    ['# by hand, with, commas\na;b\n# more, of, it\n1;2\n', [['1', '2']]],
  ])('%j', async (text, rows) => {
    expect(await rowsOf(read(text, { delimiter: 'auto', comment: '#' }))).toEqual(rows);
  });
});

describe('which rows', () => {
  const text = 'made by hand\n\na,b\n1,2\n3,4\n5,6\n';

  test('lines in front of the header', async () => {
    const reader = read(text, { skipLines: 1 });
    expect(await columnsOf(reader)).toEqual(['a', 'b']);
    expect(await rowsOf(reader)).toHaveLength(3);
    await expect(rowsOf(read('x\na,b\n1\n', { skipLines: 1 }))).rejects.toMatchObject({ line: 3 });
    expect(await rowsOf(read('a\nb', { skipLines: 5 }))).toEqual([]);
    for (const end of ['\r', '\r\n', '\n']) {
      expect(await rowsOf(read(['x', 'a,b', '1,2', ''].join(end), { skipLines: 1 }))).toEqual([['1', '2']]);
    }
  });

  test('skip and limit', async () => {
    const rows = (options: CsvReadOptions) => rowsOf(read(text, { skipLines: 1, ...options }));
    expect(await rows({ skip: 1 })).toEqual([
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(await rows({ limit: 1 })).toEqual([['1', '2']]);
    expect(await rows({ skip: 1, limit: 1 })).toEqual([['3', '4']]);
    expect(await rows({ limit: 0 })).toEqual([]);
    expect(await rows({ skip: 9 })).toEqual([]);
  });

  test('what is behind the limit is not read', async () => {
    expect(await rowsOf(read('a,b\n1,2\nragged\n', { limit: 1 }))).toEqual([['1', '2']]);
  });

  test('batches of at most so many, which know their place', async () => {
    const places: number[][] = [];
    for await (const batch of read(text, { skipLines: 1, skip: 1, batchSize: 1 })) {
      places.push([batch.firstRow, batch.rowCount]);
    }
    expect(places).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});

describe('which columns', () => {
  test('by name, in any order', async () => {
    const reader = read('a,b,c\n1,2,3\n', { columns: ['c', 'a'] });
    expect(await columnsOf(reader)).toEqual(['c', 'a']);
    expect(await rowsOf(reader)).toEqual([['3', '1']]);
  });

  test('one that is not there is refused, and so is one twice', async () => {
    await expect(columnsOf(read('a,b\n', { columns: ['b', 'x'] }))).rejects.toMatchObject({
      code: 'NO_SUCH_COLUMN',
      field: 'x',
      hint: 'the columns are "a", "b"',
    });
    await expect(columnsOf(read('a,b\n', { columns: ['b', 'b'] }))).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
  });

  test('names for a file without a header', async () => {
    const reader = read('1,2\n', { header: false, columns: ['x', 'y'] });
    expect(await columnsOf(reader)).toEqual(['x', 'y']);
    expect(await rowsOf(reader)).toEqual([['1', '2']]);
    await expect(columnsOf(read('1,2\n', { header: false, columns: ['x'] }))).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
  });
});

test.each([
  [{ delimiter: ';;' }, 'delimiter'],
  [{ quote: 'é' }, 'quote'],
  [{ escape: '\n' }, 'escape'],
  [{ comment: ',' }, 'delimiter and comment'],
  [{ quote: '#', comment: '#' }, 'quote and comment'],
  [{ onRagged: 'ignore' as 'pad' }, 'onRagged'],
  [{ skip: -1 }, 'skip'],
  [{ limit: 1.5 }, 'limit'],
  [{ batchSize: 0 }, 'batchSize'],
  [{ scanLimit: Number.NaN }, 'scanLimit'],
  [{ encoding: 'utf-9' }, 'encoding'],
  [{ header: 'no' as unknown as boolean }, 'header'],
])('%j is refused', (options, name) => {
  expect(() => read('', options)).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', format: 'csv', problem: expect.stringContaining(name) }),
  );
});

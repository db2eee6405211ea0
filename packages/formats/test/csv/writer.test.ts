import { csv, Decimal, type FormatError, jsonl, rowsBatch, tsv } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf, schemaOf, through, written } from '../bytes.ts';

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

test('a row without columns is refused: it would be a blank line, which is no row', async () => {
  const batch = rowsBatch(schemaOf(), [[], []], 0);
  await expect(written(csv(), [batch])).rejects.toMatchObject({ code: 'UNREPRESENTABLE', row: 1 });
  const lines = jsonl().createReader(chunked('{}\n{}\n'));
  await expect(through(lines, csv())).rejects.toMatchObject({ code: 'UNREPRESENTABLE', row: 1 });
});

test('a row of nothing in front of everything is refused, for nobody would read it', async () => {
  const rows = (...cells: (string | null)[]) => [
    rowsBatch(
      schemaOf('a'),
      cells.map((cell) => [cell]),
      0,
    ),
  ];
  for (const options of [{ nullValue: '' }, { quote: '' }]) {
    const bare = { ...options, header: false };
    await expect(written(csv(), rows(null, 'x'), bare)).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
    });
    expect(await written(csv(), rows(' ', null), bare)).toBe(' \n\n');
    expect(await written(csv(), rows(null, 'x'), options)).toBe('a\n\nx\n');
  }
});

test('text that begins with the character of a byte order mark comes back', async () => {
  for (const header of [true, false]) {
    const batch = rowsBatch(schemaOf('\ufeffa'), [['\ufeffx'], ['\ufeffy']], 0);
    const text = await written(csv(), [batch], { header });
    const reader = csv().createReader(chunked(text), { header, ...(!header && { columns: ['\ufeffa'] }) });
    expect(await columnsOf(reader)).toEqual(['\ufeffa']);
    expect(await rowsOf(reader)).toEqual([['\ufeffx'], ['\ufeffy']]);
  }
});

describe('nulls', () => {
  const batch = rowsBatch(schemaOf('a', 'b', 'c'), [[null, '', 'NULL']], 0);

  test('are empty like empty text, unless their text is said', async () => {
    expect(await written(csv(), [batch], { header: false })).toBe(',,NULL\n');
    expect(await written(csv(), [batch], { header: false, nullValue: '' })).toBe(',"",NULL\n');
    expect(await written(csv(), [batch], { header: false, nullValue: 'NULL' })).toBe('NULL,,"NULL"\n');
  });

  test('alone in their row are a blank line where they can be told from empty text', async () => {
    const alone = rowsBatch(schemaOf('a'), [[null], [''], ['x'], [null]], 0);
    const text = await written(csv(), [alone], { nullValue: '' });
    expect(text).toBe('a\n\n""\nx\n\n');
    const reader = () => csv().createReader(chunked(text), { nullValues: [''] });
    expect(await rowsOf(reader())).toEqual([[null], [''], ['x'], [null]]);
    expect(await through(reader(), csv(), { nullValue: '' })).toBe(text);
  });

  test('come back as they were', async () => {
    const text = await written(csv(), [batch], { nullValue: '' });
    expect(await rowsOf(csv().createReader(chunked(text), { nullValues: [''] }))).toEqual([
      [null, '', 'NULL'],
    ]);
  });
});

describe('spelling by option', () => {
  const batch = rowsBatch(
    schemaOf('a', 'b'),
    [
      [true, 'x'],
      [false, null],
      [1, ''],
    ],
    0,
  );

  test('quotes around everything but null', async () => {
    expect(await written(csv(), [batch], { quoting: 'all' })).toBe('"a","b"\n"true","x"\n"false",\n"1",""\n');
  });

  test('other texts for true and false', async () => {
    expect(await written(csv(), [batch], { booleans: ['1', '0'], header: false })).toBe('1,x\n0,\n1,\n');
  });

  test('a byte order mark', async () => {
    expect(await written(csv(), [batch], { byteOrderMark: true })).toMatch(/^\ufeffa,b\n/);
    expect(await written(csv(), [], { byteOrderMark: true }, schemaOf('a'))).toBe('\ufeffa\n');
  });

  test('another delimiter, quote and line ending, also for cells from bytes', async () => {
    const options = { delimiter: ';', quote: "'", lineEnding: '\r\n' } as const;
    const text = `a,b\n"x;y","it's"\n"""","1\n2"\n`;
    expect(await through(csv().createReader(chunked(text)), csv(), options)).toBe(
      `a;b\r\n'x;y';'it''s'\r\n";'1\n2'\r\n`,
    );
  });

  test('without quotes, what needs them is refused', async () => {
    expect(await written(csv(), [batch], { quote: '' })).toBe('a,b\ntrue,x\nfalse,\n1,\n');
    const bad = rowsBatch(schemaOf('a'), [['x'], ['y\n']], 0);
    await expect(written(csv(), [bad], { quote: '' })).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 2,
      field: 'a',
    });
  });
});

test('formulas are guarded on request, numbers are not', async () => {
  const cells = ['=1+1', '+x', '-2', '-2x', '@a', '\tx', '+1e5', 'a=b', -3, ''];
  const batch = rowsBatch(
    schemaOf('a', 'b'),
    cells.map((cell) => [cell, 'z']),
    0,
  );
  expect(await written(csv(), [batch], { guardFormulas: true, header: false })).toBe(
    `'=1+1,z\n'+x,z\n-2,z\n'-2x,z\n'@a,z\n'\tx,z\n+1e5,z\na=b,z\n-3,z\n,z\n`,
  );
  const read = csv().createReader(chunked('a\n=1\n'));
  expect(await through(read, csv(), { guardFormulas: true })).toBe(`a\n'=1\n`);
});

describe('columns that come late', () => {
  const first = rowsBatch(schemaOf('b', 'a'), [[1, 2]], 0);
  const late = rowsBatch(
    schemaOf('a', 'late', 'b'),
    [
      [3, undefined, 4],
      [5, 6, 7],
    ],
    1,
  );

  test('are refused where they have a value', async () => {
    await expect(written(csv(), [first, late])).rejects.toMatchObject({
      code: 'EXTRA_KEY',
      row: 3,
      field: 'late',
      hint: expect.stringContaining('onExtraKey'),
    });
  });

  test('are left out on request; the others go where the header has them', async () => {
    expect(await written(csv(), [first, late], { onExtraKey: 'drop' })).toBe('b,a\n1,2\n4,3\n7,5\n');
  });

  test('a column that a later batch lacks is null', async () => {
    expect(await written(csv(), [first, rowsBatch(schemaOf('a'), [[3]], 1)])).toBe('b,a\n1,2\n,3\n');
  });
});

test('a row that cannot be written is left out and told', async () => {
  const told: unknown[] = [];
  const onBadRow = (error: FormatError, row: number) => void told.push([error.code, error.field, row]);
  const batch = rowsBatch(
    schemaOf('a', 'b'),
    [
      ['x', 'y'],
      ['z', '\udc00'],
      ['v', 'w'],
    ],
    0,
  );
  expect(await written(csv(), [batch], { onBadRow })).toBe('a,b\nx,y\nv,w\n');
  const lines = String.raw`{"a":1,"b":2}
{"a":"\ud800","b":3}
{"a":4,"b":5}`;
  expect(await through(jsonl().createReader(chunked(lines)), csv(), { onBadRow })).toBe('a,b\n1,2\n4,5\n');
  expect(told).toEqual([
    ['UNREPRESENTABLE', 'b', 2],
    ['UNREPRESENTABLE', 'a', 2],
  ]);
});

test.each([
  [{ nullValue: 'a,b' }, 'nullValue'],
  [{ quoting: 'some' as 'all' }, 'quoting'],
  [{ lineEnding: '\r' as '\n' }, 'lineEnding'],
  [{ onExtraKey: 'extend' as 'drop' }, 'onExtraKey'],
  [{ delimiter: '' }, 'delimiter'],
  [{ header: 'false' as unknown as boolean }, 'header'],
  [{ byteOrderMark: 1 as unknown as boolean }, 'byteOrderMark'],
  [{ guardFormulas: 'no' as unknown as boolean }, 'guardFormulas'],
])('%j is refused', (options, name) => {
  expect(() => csv().createWriter({ write: () => undefined }, options)).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining(name) }),
  );
});

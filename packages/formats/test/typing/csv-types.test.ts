import { csv, type CsvReadOptions, Decimal, jsonl, rowObjects, type Schema } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, rowsOf, through } from '../bytes.ts';

const read = (text: string, options: CsvReadOptions = { types: 'infer' }) =>
  csv().createReader(chunked(text), options);

const kinds = (schema: Schema) => schema.columns.map(({ type }) => type.kind);

const kindOf = async (...cells: string[]) => {
  const [kind] = kinds(await read(`a,b\n${cells.map((cell) => `${cell},x\n`).join('')}`).schema());
  return kind;
};

describe('a column is inferred', () => {
  test.each([
    ['boolean', ['true', 'false', '']],
    ['integer', ['0', '-1', '9223372036854775807', '-9223372036854775808', '']],
    ['integer', ['"1"', '2']],
    ['float64', ['0.5', '-1e5', '3', '0.10']],
    ['float64', ['1.7976931348623157e308', '1']],
    ['date', ['2024-02-29', '1969-12-31', '"0000-01-01"', '9999-12-31', '']],
    ['timestamp', ['2024-02-29T23:59:59.999Z', '0000-01-01T00:00:00.000Z', '']],
    ['string', ['2024-02-29', '2024-02-29T00:00:00.000Z']],
    ['string', ['2024-02-29T00:00:00.000', '']],
    ['string', ['2024-02-29', '20240229']],
    ['string', ['1', 'x']],
    ['string', ['1', 'true']],
    ['string', ['']],
  ])('as %s from %j', async (kind, cells) => {
    expect(await kindOf(...cells)).toBe(kind);
  });

  test.each([
    ['leading zeros', '007'],
    ['a plus', '+5'],
    ['minus zero among integers', '-007'],
    ['an integer of more than 64 bits', '9223372036854775808'],
    ['digits that a double cannot hold', '0.1234567890123456789'],
    ['more than a double can be', '1e400'],
    ['spelling of programs', 'True'],
    ['spelling of spreadsheets', '1,5'],
    ['no digit in front of the point', '.5'],
    ['no digit behind the point', '5.'],
    ['space', ' 5'],
    ['hexadecimal', '0x1F'],
    ['names that are numbers elsewhere', 'NaN'],
    ['a quoted empty cell', '""'],
  ])('as text from %s: %s', async (_, cell) => {
    const quoted = cell.includes(',') ? `"${cell}"` : cell;
    expect(await kindOf('1', quoted)).toBe('string');
  });

  test('as text where a double would lose an integer beside it', async () => {
    expect(await kindOf('9007199254740993', '0.5')).toBe('string');
    expect(await kindOf('9007199254740993', '5')).toBe('integer');
  });
});

test('values keep their spelling for text, and are plain for rows', async () => {
  const text = 'a,b,c,d\n1,0.10,true,\n9007199254740993,1e5,false,x\n';
  const [first, second] = await rowsOf(read(text));
  expect(first).toEqual([1, new Decimal('0.10'), true, null]);
  expect(second).toEqual([9007199254740993n, new Decimal('1e5'), false, 'x']);
  for await (const batch of read(text)) {
    expect([...rowObjects(batch)]).toEqual([
      { a: 1, b: 0.1, c: true, d: null },
      { a: 9007199254740993n, b: 100_000, c: false, d: 'x' },
    ]);
  }
  expect(await through(read(text), jsonl())).toBe(
    '{"a":1,"b":0.10,"c":true,"d":null}\n{"a":9007199254740993,"b":1e5,"c":false,"d":"x"}\n',
  );
});

describe('a cell that is not of its column’s type', () => {
  const text = `a,b\n${'1,x\n'.repeat(2000)}2.5,y\n3,z\n`;

  test('is an error, after the rows in front of it', async () => {
    let rows = 0;
    const reading = async () => {
      for await (const batch of read(text)) rows += batch.rowCount;
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
      field: 'a',
      row: 2001,
      line: 2002,
      column: 1,
      byteOffset: 8004,
      problem: '"2.5" is no integer',
    });
    expect(rows).toBe(2000);
  });

  test('widens the column from that row on, on request', async () => {
    const reader = read(text, { types: 'infer', onTypeMismatch: 'widen' });
    const seen: [number, string | undefined][] = [];
    for await (const batch of reader) seen.push([batch.rowCount, kinds(batch.schema)[0]]);
    expect(seen).toEqual([
      [2000, 'integer'],
      [2, 'string'],
    ]);
    expect(kinds(await reader.schema())).toEqual(['string', 'string']);
    const lines = await through(read(text, { types: 'infer', onTypeMismatch: 'widen' }), jsonl());
    expect(lines.split('\n').slice(1999)).toEqual([
      '{"a":1,"b":"x"}',
      '{"a":"2.5","b":"y"}',
      '{"a":"3","b":"z"}',
      '',
    ]);
  });

  test('is found by looking at more rows', async () => {
    expect(kinds(await read(text, { types: 'infer', scanLimit: 2001 }).schema())).toEqual([
      'float64',
      'string',
    ]);
    expect(kinds(await read(text, { types: 'infer', scanLimit: Infinity }).schema())).toEqual([
      'float64',
      'string',
    ]);
  });

  test('may be text with doubled quotes or line breaks', async () => {
    for (const cell of ['"x""y"', '"1\n2"']) {
      const options = { types: { a: 'integer' as const } };
      await expect(rowsOf(read(`a,b\n1,2\n${cell},3\n`, options))).rejects.toMatchObject({
        code: 'TYPE_MISMATCH',
        row: 2,
      });
    }
  });
});

describe('a column is told', () => {
  test('by name, with the others text or as * says', async () => {
    const told = (types: NonNullable<CsvReadOptions['types']>) =>
      read('a,b,c\n1,2,3\n', { types }).schema().then(kinds);
    expect(await told({ b: 'integer' })).toEqual(['string', 'integer', 'string']);
    expect(await told({ b: 'text', '*': 'infer' })).toEqual(['integer', 'string', 'integer']);
    expect(await told({ b: 'decimal', '*': 'float64' })).toEqual(['float64', 'decimal', 'float64']);
  });

  test('decimals keep all their digits', async () => {
    const text = 'a\n0.1234567890123456789\n1e400\n';
    expect(await rowsOf(read(text, { types: { a: 'decimal' } }))).toEqual([
      [new Decimal('0.1234567890123456789')],
      [new Decimal('1e400')],
    ]);
  });

  test('dates, moments and JSON', async () => {
    const text = 'd,t,j\n2024-02-29,2024-01-31 12:30:00.123456+02:00,"{""x"": [1, 0.10]}"\n,,\n';
    const types = { d: 'date', t: 'timestamp', j: 'json' } as const;
    const [row, nulls] = await rowsOf(read(text, { types }));
    const [date, time, value] = row!;
    expect(date).toEqual(new Date('2024-02-29T00:00:00Z'));
    expect((time as Date).toISOString()).toBe('2024-01-31T10:30:00.123456Z');
    expect(value).toEqual({ x: [1, new Decimal('0.10')] });
    expect(nulls).toEqual([null, null, null]);
    expect(await through(read(text, { types, limit: 1 }), jsonl())).toBe(
      '{"d":"2024-02-29","t":"2024-01-31T10:30:00.123456Z","j":{"x":[1,0.10]}}\n',
    );
  });

  test.each([
    ['date', '2024-02-30'],
    ['date', '31.01.2024'],
    ['timestamp', '2024-01-31'],
    ['timestamp', '2024-01-31T25:00:00Z'],
    ['json', '{x}'],
    ['boolean', 'yes'],
    ['decimal', '1,5'],
  ] as const)('%s refuses %j', async (type, cell) => {
    await expect(
      rowsOf(read(`a|b\n1|${cell}\n`, { delimiter: '|', types: { b: type } })),
    ).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
      field: 'b',
      row: 1,
      line: 2,
      column: 3,
    });
  });

  test('a name that there is not, and a type that there is not', async () => {
    await expect(read('a\n', { types: { x: 'integer' } }).schema()).rejects.toMatchObject({
      code: 'NO_SUCH_COLUMN',
    });
    const refused = (types: unknown) =>
      expect(() => read('a\n', { types: types as 'infer' })).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION', hint: expect.stringContaining('infer') }),
      );
    refused({ a: 'int' });
    refused({ '*': 'int' });
    refused('all');
  });
});

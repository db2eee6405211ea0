// Days and moments are inferred in the one spelling that comes back, and in no other.
import {
  type CommonReadOptions,
  csv,
  type DataType,
  Day,
  type FormatError,
  jsonl,
  type Reader,
  rowsBatch,
  type Value,
} from '@x/formats';
import { RowsReader } from '@x/formats/rows';
import { describe, expect, test } from 'vitest';

import { chunked, rowsOf, schemaOf, through, written } from '../bytes.ts';
import { csvReader } from '../kernel/paths.ts';

const moment = '2024-02-29T12:34:56.700Z';

const otherDays = [
  '2024-02-30',
  '2023-02-29',
  '1900-02-29',
  '2024-04-31',
  '2024-13-01',
  '2024-00-01',
  '2024-01-00',
  '2024-1-05',
  '2024-01-5',
  '20240105',
  '2024-001',
  '2024-W01-1',
  '01/02/03',
  '2024/01/05',
  '05.01.2024',
  '24:00',
  '12024-01-05',
  '+2024-01-05',
  '+002024-01-05',
  '-2024-01-05',
  ' 2024-01-05',
  '2024-01-05 ',
  '2024‐01‐05',
];

const otherMoments = [
  '2024-02-29T12:34',
  '2024-02-29T12:34Z',
  '2024-02-29T12:34:56',
  '2024-02-29T12:34:56Z',
  '2024-02-29T12:34:56.7',
  '2024-02-29T12:34:56.7Z',
  '2024-02-29T12:34:56.70',
  '2024-02-29T12:34:56.70Z',
  '2024-02-29T12:34:56.700',
  '2024-02-29T12:34:56.7000',
  '2024-02-29T12:34:56.7000Z',
  '2024-02-29T12:34:56.700100',
  '2024-02-29T12:34:56.700000Z',
  '2024-02-29T12:34:56.700000000Z',
  '2024-02-29T12:34:56.70Za',
  '2024-02-29T12:34:56.700z',
  '2024-02-29T12:34:56.700a',
  '2024-02-29T12:34:56,700Z',
  '2024-02-29T12:34:56,700',
  '2024-02-29T12:34:567000Z',
  '2024-02-29 12:34:56.700',
  '2024-02-29 12:34:56.700Z',
  '2024-02-29t12:34:56.700Z',
  '2024-02-29T12:34:56.700+00:00',
  '2024-02-29T12:34:56+00:00',
  '2024-02-29T12:34+01:00',
  '2024-02-29T24:00:00.000',
  '2024-02-29T24:00:00.000Z',
  '2024-02-29T23:59:60.000Z',
  '2024-02-30T12:34:56.700Z',
  '2024-02-30T12:34:56.700',
  '+002024-02-29T12:34:56.700Z',
  '+012024-02-29T12:34:56.700Z',
  '+012024-02-29T12:34:56.700',
];

const table = (...cells: string[]) => `a,b\n${cells.map((cell) => `x,"${cell}"\n`).join('')}`;
const typeOf = async (...cells: string[]): Promise<DataType> => {
  const { columns } = await csv()
    .createReader(chunked(table(...cells)), { types: 'infer' })
    .schema();
  return columns[1]!.type;
};
const string = { kind: 'string' };

test('a column of them has a type that says how they are spelled', async () => {
  expect(await typeOf('2024-02-29', '0001-01-01')).toEqual({ kind: 'date' });
  expect(await typeOf(moment, moment)).toEqual({ kind: 'timestamp', unit: 'ms', zoned: true });
  expect(await typeOf('2024-02-29', moment)).toEqual(string);
  expect(await typeOf('2024-02-29', '1')).toEqual(string);
});

test.each(otherDays)('beside a day, %s is text', async (other) => {
  expect(await typeOf('2024-02-29', other)).toEqual(string);
  expect((await typeOf(other)).kind).toBe(other === '20240105' ? 'integer' : 'string');
});

test.each(otherMoments)('beside a moment, %s is text', async (other) => {
  expect(await typeOf(moment, other)).toEqual(string);
  expect(await typeOf(other, moment)).toEqual(string);
  expect(await typeOf(other)).toEqual(string);
});

test('rows have Dates, and text has the spelling of the source', async () => {
  const source = table('2024-02-29', '1969-12-31').replaceAll('"', '');
  const reader = () => csv().createReader(chunked(source), { types: 'infer' });
  expect(await rowsOf(reader())).toEqual([
    ['x', new Date('2024-02-29T00:00:00Z')],
    ['x', new Date('1969-12-31T00:00:00Z')],
  ]);
  expect(await through(reader(), csv())).toBe(source);
  expect(await through(reader(), jsonl())).toBe('{"a":"x","b":"2024-02-29"}\n{"a":"x","b":"1969-12-31"}\n');
});

test('what is asked for takes other spellings, and is written in the usual one', async () => {
  const source = table('2024-02-29 12:30', '2024-02-29T12:30:00+01:00');
  const read = () => csv().createReader(chunked(source), { types: { b: 'timestamp' } });
  const moments = ['2024-02-29T12:30:00.000Z', '2024-02-29T11:30:00.000Z'];
  expect(await through(read(), csv())).toBe(table(...moments).replaceAll('"', ''));
  expect(await through(read(), jsonl())).toBe(moments.map((text) => `{"a":"x","b":"${text}"}\n`).join(''));
});

test('a column of moments has days as moments, and one of days has midnights as days', async () => {
  const type = { kind: 'timestamp', unit: 'ms', zoned: true } as const;
  const batch = rowsBatch({ columns: [{ name: 'a', type }] }, [[new Day('2024-02-29')]], 0);
  expect(await written(csv(), [batch])).toBe('a\n2024-02-29T00:00:00.000Z\n');
  expect(await written(jsonl(), [batch])).toBe('{"a":"2024-02-29T00:00:00.000Z"}\n');
  const [row] = await rowsOf(ofValues([['x', new Date('2024-02-29')]], { types: { b: 'date' } }));
  expect(row).toStrictEqual(['x', new Day('2024-02-29')]);
});

test('strings of JSON are strings, whatever they spell', async () => {
  const line = `{"a":"2024-02-29","b":"${moment}","c":"1"}\n`;
  const { columns } = await jsonl().createReader(chunked(line), { types: 'infer' }).schema();
  expect(columns.map(({ type }) => type)).toEqual([string, string, string]);
});

const inferring = { types: 'infer', scanLimit: 1 } as const;
type Read = (cells: readonly string[], options: CommonReadOptions) => Reader;
const readers: Record<string, Read> = {
  kernel: (cells, options) => csvReader(Buffer.from(table(...cells)), options, { kernel: true, cuts: [] }),
  reference: (cells, options) =>
    csvReader(Buffer.from(table(...cells)), options, { kernel: false, cuts: [] }),
  values: (cells, options) =>
    ofValues(
      cells.map((cell) => ['x', cell]),
      options,
    ),
};

/** As the formats do whose engines give values. */
function ofValues(rows: readonly (readonly Value[])[], options: CommonReadOptions): Reader {
  async function* chunks() {
    for (const row of rows) yield { rows: [row] };
  }
  const source = { open: async () => schemaOf('a', 'b').columns, chunks, close: async () => undefined };
  return new RowsReader('test', source, options, true);
}

describe.each(Object.entries(readers))('after the rows looked at, by %s', (_, read) => {
  const refused = async (first: string, later: string) => {
    const told: unknown[] = [];
    const onBadRow = ({ code, row, field }: FormatError) => void told.push([code, row, field]);
    const found = await rowsOf(read([first, later, first], { ...inferring, onBadRow }));
    expect(found.length + told.length).toBe(3);
    return told;
  };

  const place = [['TYPE_MISMATCH', 2, 'b']];
  const others = [...otherDays, ...otherMoments, 'x', '1'];

  test.each([...others, moment])('%s is no day', async (other) => {
    expect(await refused('2024-02-29', other)).toEqual(place);
  });

  test.each([...others, '2024-02-29'])('%s is no moment', async (other) => {
    expect(await refused(moment, other)).toEqual(place);
  });

  test.each([
    ['2024-02-29', '0001-01-01'],
    [moment, '9999-12-31T23:59:59.999Z'],
  ])('beside %s, %s is one too', async (first, later) => {
    expect(await refused(first, later)).toEqual([]);
  });

  test('the type gives way, and the text stays as it was', async () => {
    for (const [first, later] of [
      ['2024-02-29', '2024-02-30'],
      ['2024-02-29', moment],
      [moment, '2024-02-29 12:34'],
    ] as const) {
      const reader = read([first, later, first], { ...inferring, onTypeMismatch: 'widen' });
      expect(await through(reader, csv())).toBe(table(first, later, first).replaceAll('"', ''));
    }
  });
});

test('texts and objects in one column have no type', async () => {
  const { columns } = await ofValues(
    [
      ['x', '2024-02-29'],
      ['x', { y: 1 }],
    ],
    { types: 'infer' },
  ).schema();
  expect(columns.map(({ type }) => type.kind)).toEqual(['string', 'any']);
});

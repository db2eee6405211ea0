import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect } from 'vitest';

import { convert, detect } from '@x/convert';
import { Day } from '@x/formats';

import { test } from './scratch.ts';

/** Values that programs like to change: each comes back as it is spelled, or the run fails. */
const awkward = [
  'id,name,note,flag,big,amount,ratio,code,digits,when,day,at,empty',
  '1,Zoë,"a ""quoted"", cell\nin two lines",true,9007199254740993,0.10,0.5,00123,123456789012345678901234567890,2024-02-29T12:34:56.789Z,2024-02-29,2024-02-29T12:34:56.000Z,',
  "-2,O'Neil; x|y\tz, leading and trailing ,false,-9223372036854775808,1e400,-1.25,+5,1.0,1999-12-31T23:59:59Z,1970-01-01,1969-12-31T23:59:59.999Z,",
  '0,😀,=1+1,true,-9007199254740995,-0,1e-7,007,5,2024-01-01T00:00:00Z,0001-01-01,0001-01-01T00:00:00.000Z,',
  '',
].join('\n');

const formats = [
  'csv',
  'tsv',
  'psv',
  'ssv',
  'jsonl',
  'json',
  'parquet',
  'arrow',
  'arrows',
  'avro',
  'xlsx',
  'ods',
  'sqlite',
  'xml',
  'yaml',
  'html',
  'toml',
  'bson',
  'msgpack',
  'cbor',
  'geojson',
  'fixed-width',
];
/** Fixed width has neither line breaks nor blanks at the ends of a text, and null is the same as blank. */
const fitted = awkward.replace('\nin', ' in').replace(' leading and trailing ', 'leading and trailing');
/** How a file says what else only who reads it knows. */
const told = (side: 'from' | 'to', name: string) => ({
  [side]: name === 'fixed-width' ? { format: name, ruler: true } : {},
});
const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined;

test('text is given types where a destination has columns of types, and only there', async ({
  folder,
  put,
}) => {
  const day = '2024-02-29';
  const [table] = await put({ 'table.csv': `id,code,flag,day\n1,01,true,${day}\n2,02,false,\n` });
  const typed = { id: 1, code: '01', flag: true, day: new Day(day) };
  const texts = { id: '1', code: '01', flag: 'true', day };
  for (const [to, expected] of [
    ['parquet', typed],
    ['arrow', typed],
    ['avro', typed],
    ['xlsx', typed],
    ['jsonl', texts],
  ] as const) {
    const [byDefault, asText] = [join(folder, `typed.${to}`), join(folder, `text.${to}`)];
    const [rows, textRows]: Record<string, unknown>[][] = [[], []];
    await convert(table!, byDefault);
    await convert(byDefault, rows!);
    expect(rows![0]).toStrictEqual(expected);
    await convert(table!, asText, { types: 'text' });
    await convert(asText, textRows!);
    expect(textRows![0]).toEqual(texts);
  }
});

test('an Arrow stream is told by its content, under the name of a file or none', async ({ folder, put }) => {
  const [table] = await put({ 'table.csv': awkward });
  const stream = join(folder, 'table.arrows');
  await convert(table!, stream);
  const bytes = await readFile(stream);
  const [named, unnamed] = await put({ 'named.arrow': bytes, unnamed: bytes });
  expect(await detect(unnamed!)).toMatchObject({ format: 'arrow-stream', method: 'content' });
  for (const source of [named!, unnamed!]) {
    const back = join(folder, 'back.csv');
    await convert(source, back);
    expect(await readFile(back, 'utf8')).toBe(awkward);
  }
});

test('what a line of fixed width cannot hold is refused, and nothing is there', async ({ folder, put }) => {
  const [table] = await put({ 'table.csv': awkward });
  await expect(convert(table!, join(folder, 'table.fwf'))).rejects.toMatchObject({
    code: 'UNREPRESENTABLE',
    row: 1,
    column: 'note',
  });
  expect(await readdir(folder)).toEqual(['table.csv']);
});

describe.each(formats)('a table of awkward values from %s', (from) => {
  test.for(formats)('to %s is the same', async (to, { folder, put, skip }) => {
    if (!hasSqlite && [from, to].includes('sqlite')) skip('this Node.js has no node:sqlite');
    const values = [from, to].includes('fixed-width') ? fitted : awkward;
    const [table] = await put({ 'table.csv': values });
    const [first, second, back] = [`first.${from}`, `second.${to}`, 'back.csv'].map((name) =>
      join(folder, name),
    );
    await convert(table!, first!, told('to', from));
    await convert(first!, second!, { atomic: true, ...told('from', from), ...told('to', to) });
    await convert(second!, back!, told('from', to));
    // TOML has no null, and so no column of nothing else.
    const isDense = from === 'toml' || to === 'toml';
    const shown = (text: string) => (isDense ? text.replaceAll(/,(?:empty)?$/gm, '') : text);
    expect(shown(await readFile(back!, 'utf8'))).toBe(shown(values));
  });
});

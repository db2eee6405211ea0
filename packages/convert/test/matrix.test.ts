import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect } from 'vitest';

import { convert, detect } from '@x/convert';

import { test } from './scratch.ts';

/** Values that programs like to change: each comes back as it is spelled, or the run fails. */
const awkward = [
  'id,name,note,flag,big,amount,ratio,code,digits,when,day,empty',
  '1,Zoë,"a ""quoted"", cell\nin two lines",true,9007199254740993,0.10,0.5,00123,123456789012345678901234567890,2024-02-29T12:34:56.789Z,2024-02-29,',
  "-2,O'Neil; x|y\tz, leading and trailing ,false,-9223372036854775808,1e400,-1.25,+5,1.0,1999-12-31T23:59:59Z,1970-01-01,",
  '0,😀,=1+1,true,-9007199254740995,-0,1e-7,007,5,2024-01-01T00:00:00Z,0001-01-01,',
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
  'sqlite',
  'xml',
  'yaml',
  'html',
  'toml',
  'bson',
  'msgpack',
  'cbor',
  'geojson',
];
const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined;

test('text is given types where a destination has columns of types, and only there', async ({
  folder,
  put,
}) => {
  const [table] = await put({ 'table.csv': 'id,code,flag\n1,01,true\n2,02,false\n' });
  for (const [to, expected] of [
    ['parquet', { id: 1, code: '01', flag: true }],
    ['arrow', { id: 1, code: '01', flag: true }],
    ['avro', { id: 1, code: '01', flag: true }],
    ['jsonl', { id: '1', code: '01', flag: 'true' }],
  ] as const) {
    const [typed, text] = [join(folder, `typed.${to}`), join(folder, `text.${to}`)];
    const [rows, texts]: Record<string, unknown>[][] = [[], []];
    await convert(table!, typed);
    await convert(typed, rows!);
    expect(rows![0]).toEqual(expected);
    await convert(table!, text, { types: 'text' });
    await convert(text, texts!);
    expect(texts![0]).toEqual({ id: '1', code: '01', flag: 'true' });
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

describe.each(formats)('a table of awkward values from %s', (from) => {
  test.for(formats)('to %s is the same', async (to, { folder, put, skip }) => {
    if (!hasSqlite && [from, to].includes('sqlite')) skip('this Node.js has no node:sqlite');
    const [table] = await put({ 'table.csv': awkward });
    const [first, second, back] = [`first.${from}`, `second.${to}`, 'back.csv'].map((name) =>
      join(folder, name),
    );
    await convert(table!, first!);
    await convert(first!, second!, { atomic: true });
    await convert(second!, back!);
    // TOML has no null, and so no column of nothing else.
    const isDense = from === 'toml' || to === 'toml';
    const told = (text: string) => (isDense ? text.replaceAll(/,(?:empty)?$/gm, '') : text);
    expect(told(await readFile(back!, 'utf8'))).toBe(told(awkward));
  });
});

import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import * as zlib from 'node:zlib';
import { describe, expect } from 'vitest';

import { convert, detect, openReader } from '@x/convert';

import { test } from './scratch.ts';

const csv = 'id,name\n1,a\n2,b\n';
const jsonl = '{"id":1}\n{"id":2}\n';
const tsv = 'id\tname\n1\ta, b\n2\tb, c\n';
const gz = (text: string): Buffer => zlib.gzipSync(text);

test.for<[string, string | Buffer, object]>([
  ['a.csv', csv, { format: 'csv', codec: 'identity' }],
  ['A.CSV', csv, { format: 'csv', codec: 'identity' }],
  ['ONE-COLUMN.CSV', 'id\n1\n', { format: 'csv', method: 'name' }],
  ['a.csv.gz', gz(csv), { format: 'csv', codec: 'gzip' }],
  ['A.Csv.GZ', gz(csv), { format: 'csv', codec: 'gzip' }],
  ['dir.jsonl.gz/a.csv', csv, { format: 'csv', codec: 'identity' }],
  ['v1.2/a', jsonl, { format: 'jsonl', codec: 'identity', method: 'content' }],
  ['a.b.c.csv', csv, { format: 'csv' }],
  ['.csv', jsonl, { format: 'jsonl', method: 'content' }],
  ['a.tsv', tsv, { format: 'tsv' }],
  ['a.psv', 'a|b\n1|2\n', { format: 'psv' }],
  ['a.ndjson', jsonl, { format: 'jsonl' }],
  ['plain', csv, { format: 'csv', method: 'content' }],
  ['plain2', tsv, { format: 'tsv', method: 'content' }],
  ['plain3', 'a;b\n1;2\n3;4\n', { format: 'ssv', method: 'content' }],
  ['plain4', gz(jsonl), { format: 'jsonl', codec: 'gzip', method: 'content', confidence: 1 }],
  ['lines.dat', 'just\nwords\n', { format: undefined, confidence: 0, method: 'none' }],
  ['hidden.csv', gz(csv), { format: 'csv', codec: 'gzip' }],
  ['empty.csv', '', { format: 'csv', codec: 'identity', method: 'name' }],
  ['empty', '', { format: undefined, method: 'none' }],
  ['one-column.csv', 'id\n1\n', { format: 'csv', method: 'name' }],
  ['semicolons.csv', 'a;b\n1;2\n3;4\n', { format: 'ssv', method: 'content', confidence: 0.8 }],
  ['decimals.csv', 'a;b\n1,5;2\n3;4', { format: 'ssv', method: 'content' }],
  ['tabs.csv', 'a\tb\n"1,5"\t2\n', { format: 'tsv', method: 'content' }],
  ['pipes.CSV.gz', gz('a|b\n1|2\n3|4\n'), { format: 'psv', codec: 'gzip', method: 'content' }],
  ['commas.tsv', csv, { format: 'csv', method: 'content' }],
  ['lines.json', jsonl, { format: 'jsonl', method: 'content' }],
  ['document.json', '\ufeff\n{"rows":[{"a":1}]}\n\n', { format: 'json', method: 'name' }],
  ['document.json.gz', gz('{"a":1}'), { format: 'json', codec: 'gzip', method: 'name' }],
  ['line.jsonl', '{"a":1}\n', { format: 'jsonl' }],
  ['line', '{"a":1}\n', { format: 'jsonl', method: 'content' }],
  // Where the named delimiter is there, or the lines differ, the name is all there is to go by.
  ['both.csv', 'a,b;c\n1,2;3\n', { format: 'csv', method: 'name' }],
  ['more-semicolons.csv', 'a;b;c,d\n1;2;3,4\n', { format: 'csv', method: 'name' }],
  ['prose.csv', 'note\none; two\nthree\n', { format: 'csv', method: 'name' }],
  ['title.csv', 'a; b\nno more\n', { format: 'csv', method: 'name' }],
  ['header.csv', 'a;b\n', { format: 'csv', method: 'name' }],
  ['braces.csv', '{x},{y}\n1,2\n', { format: 'csv' }],
])('%s', async ([name, content, expected], { put }) => {
  const [path] = await put({ [name]: content });
  expect(await detect(path!)).toMatchObject(expected);
  expect(await detect(pathToFileURL(path!))).toMatchObject(expected);
});

test('a document on one line may have its rows at a path', async ({ put }) => {
  const [path] = await put({ 'a.json': '{"data":{"rows":[{"a":1},{"a":2}]}}' });
  const rows: Record<string, unknown>[] = [];
  await convert(path!, rows, { from: { path: 'data.rows' } });
  expect(rows).toEqual([{ a: 1 }, { a: 2 }]);
  await convert(path!, rows);
  expect(rows[2]).toEqual({ data: { rows: [{ a: 1 }, { a: 2 }] } });
});

test('bytes have no name, only content', async () => {
  expect(await detect(Buffer.from(jsonl))).toMatchObject({
    format: 'jsonl',
    method: 'content',
    confidence: 1,
  });
  expect(await detect(gz(csv))).toMatchObject({ format: 'csv', codec: 'gzip' });
  expect(await detect(new Uint8Array())).toMatchObject({ format: undefined, codec: 'identity' });
});

test.for([undefined, 5, [{ a: 1 }], Readable.from(['a,b\n'])])('%o is nothing to look at', async (source) => {
  await expect(detect(source as never)).rejects.toMatchObject({
    name: 'ConvertError',
    code: 'BAD_OPTION',
    message: 'what is to be detected is neither a path nor bytes',
  });
});

describe('a name that contradicts the content is an error that names both', () => {
  test.for<[string, string | Buffer, RegExp]>([
    ['a.csv', jsonl, /name says csv.*content is jsonl/],
    ['a.csv.gz', csv, /name says gzip.*content is not compressed/],
    ['a.csv.gz', gz(jsonl), /name says csv.*content is jsonl/],
    // Of lines of cells nobody is certain, but neither is there JSON or a workbook in them.
    ['a.jsonl', csv, /name says jsonl.*content is csv/],
    ['a.json.gz', gz('a\tb\n1\t2\n'), /name says json.*content is tsv/],
    ['a.xlsx', csv, /name says xlsx.*content is csv/],
    ['a.parquet', 'a;b\n1;2\n', /name says parquet.*content is ssv/],
  ])('%s', async ([name, content, message], { folder, put }) => {
    const [path] = await put({ [name]: content });
    const expected = { code: 'NAME_CONTRADICTS_CONTENT', path, message: expect.stringMatching(message) };
    await expect(detect(path!)).rejects.toMatchObject(expected);
    await expect(convert(path!, join(folder, 'b.csv'))).rejects.toMatchObject({
      ...expected,
      hint: expect.stringMatching(/from\.format/),
    });
  });

  test('what only may be lines of cells contradicts nothing', async ({ put }) => {
    const [prose, broken] = await put({ 'a.yaml': 'a: 1, 2\nb: 3, 4\n', 'b.jsonl': '[oops, \n{"a":1}\n' });
    expect(await detect(prose!)).toMatchObject({ format: 'yaml', method: 'name' });
    expect(await detect(broken!)).toMatchObject({ format: 'jsonl', method: 'name' });
  });

  test('unless it is said what it is', async ({ put }) => {
    const [path] = await put({ 'a.csv': jsonl });
    const rows: Record<string, unknown>[] = [];
    await convert(path!, rows, { from: { format: 'jsonl' } });
    expect(rows).toHaveLength(2);
  });
});

test('a format or codec that there is not', async ({ folder, put }) => {
  const [path] = await put({ 'a.csv': csv });
  const run = (options: object) => convert(path!, join(folder, 'b.csv'), options);
  await expect(run({ from: { format: 'cvs' } })).rejects.toMatchObject({
    code: 'UNKNOWN_FORMAT',
    hint: expect.stringContaining('csv'),
  });
  await expect(run({ to: { format: 'cvs' } })).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
  await expect(run({ from: { codec: 'gzp' } })).rejects.toMatchObject({
    hint: expect.stringContaining('gzip'),
  });
  await expect(run({ to: { codec: 'gzp' } })).rejects.toMatchObject({
    hint: expect.stringContaining('gzip'),
  });
});

describe('delimited text that its name is wrong about', () => {
  test('is read by what divides it, unless that is said', async ({ put }) => {
    const [path] = await put({ 'a.csv': 'a;b\n1,5;2\n3,5;4\n' });
    const rows: Record<string, unknown>[] = [];
    const { warnings } = await convert(path!, rows);
    expect(rows).toEqual([
      { a: '1,5', b: '2' },
      { a: '3,5', b: '4' },
    ]);
    expect(warnings).toEqual([]);
    const told: Record<string, unknown>[] = [];
    await convert(path!, told, { from: { delimiter: '|' } });
    expect(told).toEqual([{ 'a;b': '1,5;2' }, { 'a;b': '3,5;4' }]);
  });

  test.for<[string, string, Record<string, string>, string]>([
    // Ragged, so that the lines do not say it.
    ['a.csv', 'a;b;c\n1;2\n3;4;5\n', {}, `--delimiter ';'`],
    ['a.csv', 'a;b\n', {}, `--delimiter ';'`],
    ['a.csv', 'a\tb\n1\n2\n', {}, String.raw`--delimiter '\t'`],
    ['a.csv', 'a|b\n1|2\n', { format: 'csv' }, `--delimiter '|'`],
    ['a.tsv', '"a,b"\n1\n', {}, `--delimiter ','`],
  ])(
    '%s of %o: one column that looks like several is warned of',
    async ([name, text, from, hint], { put }) => {
      const [path] = await put({ [name]: text });
      const warning = expect.stringMatching(/^all of the source is one column, "a.+b.*--delimiter/);
      const { warnings } = await convert(path!, [], { from });
      expect(warnings).toEqual([warning]);
      expect(warnings[0]).toContain(hint);
      const reader = await openReader(path!, { from });
      expect(reader.warnings).toEqual([warning]);
      await reader.close();
    },
  );

  test('one column with a plain name is not', async ({ put }) => {
    const [path, json] = await put({ 'a.csv': 'name\na;b\n', 'b.jsonl': '{"a;b":1}\n' });
    expect((await convert(path!, [])).warnings).toEqual([]);
    expect((await convert(json!, [])).warnings).toEqual([]);
  });
});

import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';

import { convert, openReader, openWriter, pipeline } from '@x/convert';

import { test } from './scratch.ts';

const ragged = 'a,b\n1,2\n3\n4,5,6\n7,8\n9,10,11,12\n';
const cut =
  "2 rows were read in part only: onRagged: 'truncate' cuts what there is no column for (the first time in row 3)";
const late = `${'{"a":1}\n'.repeat(3)}{"a":2,"b":3}\n{"a":4,"b":null}\n{"b":5,"c":6}\n`;
/** Each row is a batch, so that the columns are those of the first one. */
const byRow = { scanLimit: 1, batchSize: 1 } as const;

describe("onRagged: 'skip' leaves rows out, and counts them like all that are left out", () => {
  test.for([
    { onRagged: 'skip' },
    { from: { onRagged: 'skip' } },
    { onRagged: 'skip', onError: 'skip' },
  ] as const)('%o', async (options, { folder, put }) => {
    const [source] = await put({ 'a.csv': ragged });
    const [target, rejects] = [join(folder, 'b.csv'), join(folder, 'rejects.jsonl')];
    const result = await convert(source!, target, { ...options, rejects });
    expect(result).toMatchObject({ rowsRead: 5, rowsWritten: 2, rowsSkipped: 3, rowsDropped: 0 });
    expect(result.errors).toMatchObject([3, 4, 6].map((line) => ({ code: 'RAGGED_ROW', line })));
    expect(await readFile(target, 'utf8')).toBe('a,b\n1,2\n7,8\n');
    const kept = (await readFile(rejects, 'utf8')).trimEnd().split('\n');
    expect(kept.map((line): unknown => JSON.parse(line))).toMatchObject([
      { row: 2, record: '3\n' },
      { row: 3, record: '4,5,6\n' },
      { row: 5, record: '9,10,11,12\n' },
    ]);
  });

  test('but only them: another bad row ends the run', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': 'a,b\n1\n"2,3\n' });
    const run = convert(source!, join(folder, 'b.csv'), { onRagged: 'skip', atomic: true });
    await expect(run).rejects.toMatchObject({ code: 'OPEN_QUOTE', path: source, line: 3 });
  });

  test('openReader counts them too', async ({ put }) => {
    const [source] = await put({ 'a.csv': ragged });
    const reader = await openReader(source!, { onRagged: 'skip' });
    const rows = [];
    for await (const row of reader) rows.push(row);
    expect(rows).toHaveLength(2);
    expect(reader).toMatchObject({ rowsSkipped: 3, errors: { length: 3 } });
  });
});

describe('what an option leaves out of a row is said, with how many rows and where first', () => {
  test("onRagged: 'truncate'", async ({ put }) => {
    const [source] = await put({ 'a.csv': ragged });
    const result = await convert(source!, [], { onRagged: 'truncate' });
    expect(result).toMatchObject({ rowsRead: 5, rowsWritten: 5, warnings: [cut] });
    const reader = await openReader(source!, { onRagged: 'truncate' });
    for await (const _ of reader);
    expect(reader.warnings).toEqual([cut]);
  });

  test('once, although the text behind the row is looked at twice', async ({ put }) => {
    // Bytes that are not UTF-8 make the reader go over its rows again, one by one.
    const [source] = await put({ 'a.csv': Buffer.from(`${ragged}\xeb,1\n`, 'latin1') });
    const result = await convert(source!, [], { onRagged: 'truncate', onError: 'skip' });
    expect(result).toMatchObject({ rowsRead: 6, rowsWritten: 5, rowsSkipped: 1, warnings: [cut] });
  });

  test.for(['csv', 'tsv', 'avro', 'sqlite', 'xlsx', 'parquet'])(
    "onExtraKey: 'drop' in %s",
    async (format, { folder, put, skip }) => {
      if (format === 'sqlite' && process.getBuiltinModule('node:sqlite') === undefined)
        skip('no SQLite here');
      const [source] = await put({ 'a.jsonl': late });
      const result = await convert(source!, join(folder, `b.${format}`), {
        ...byRow,
        onExtraKey: 'drop',
        to: format === 'parquet' ? { scanLimit: 1 } : {},
        from: { types: 'infer' },
      });
      expect(result).toMatchObject({
        rowsRead: 6,
        rowsWritten: 6,
        warnings: [
          "2 rows were written in part only: onExtraKey: 'drop' drops what there is no column for " +
            "(the first time in row 4, column 'b')",
        ],
      });
    },
  );

  test.for([
    ['a.jsonl', late],
    ['a.json', `[${late.trimEnd().replaceAll('\n', ',')}]`],
    ['a.xml', '<?xml version="1.0"?><r><x><a>1</a></x><x><a>1</a><b>2</b></x><x><a>1</a><c>2</c></x></r>'],
  ] as const)("from.onExtraKey: 'drop' in %s", async ([name, text], { put }) => {
    const [source] = await put({ [name]: text });
    const { warnings } = await convert(source!, [], { ...byRow, from: { onExtraKey: 'drop' } });
    const [rows, row] = name === 'a.xml' ? [2, 2] : [3, 4];
    expect(warnings).toEqual([
      `${rows} rows were read in part only: onExtraKey: 'drop' drops what there is no column for ` +
        `(the first time in row ${row}, column 'b')`,
    ]);
  });

  test('a pipeline says the row of the source, a writer its own', async ({ folder, put }) => {
    const [source] = await put({ 'a.jsonl': late });
    const options = { ...byRow, onExtraKey: 'drop' } as const;
    const [target, other] = [join(folder, 'b.csv'), join(folder, 'c.csv')];
    const later = await pipeline(
      source!,
      target,
      (row) => (row['b'] === undefined && row['a'] !== 1 ? null : row['b'] === 5 ? row : { a: 1 }),
      options,
    );
    expect(later.warnings).toEqual([expect.stringMatching(/^1 row was written in part.*row 6, column 'b'/)]);
    const writer = await openWriter(other, options);
    await writer.writeAll([{ a: 1 }, { a: 2, b: 3 }]);
    expect((await writer.commit()).warnings).toEqual([expect.stringMatching(/row 2, column 'b'/)]);
  });

  test('columns that were not asked for are no news', async ({ put }) => {
    const [source] = await put({ 'a.jsonl': late });
    expect((await convert(source!, [], { ...byRow, columns: ['a'] })).warnings).toEqual([]);
  });
});

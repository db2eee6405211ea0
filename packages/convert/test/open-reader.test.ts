import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';

import { convert, ConvertError, openReader, pipeline, type RowReader } from '@x/convert';

import { canListOpenFiles, openFilesIn } from './open-files.ts';
import { table, test } from './scratch.ts';

const columnNames = (schema: { columns: readonly { name: string }[] }): string[] =>
  schema.columns.map(({ name }) => name);

/** A stream that knows whether it was destroyed. */
const streamOf = (text: string): Readable => Readable.from([Buffer.from(text)], { objectMode: false });

test('rows one by one, each an object of its own, in gzip or not', async ({ put }) => {
  for (const path of await put({ 'a.csv': table(3), 'b.csv.gz': gzipSync(table(3)) })) {
    const reader = await openReader(path, { batchSize: 2 });
    expect(columnNames(reader.schema)).toEqual(['id', 'name']);
    expect(reader.format).toBe('csv');
    const rows = [];
    for await (const row of reader) rows.push(row);
    expect(rows).toEqual([
      { id: '0', name: 'a' },
      { id: '1', name: 'a' },
      { id: '2', name: 'a' },
    ]);
    expect(reader.bytesRead).toBeGreaterThan(0);
  }
});

test('batches have their size at most, and carry the position of their rows', async () => {
  const reader = await openReader(
    Array.from({ length: 5 }, () => ({ a: 1 })),
    { batchSize: 2 },
  );
  const seen = [];
  for await (const batch of reader.batches()) seen.push([batch.firstRow, batch.rowCount]);
  expect(seen).toEqual([
    [0, 2],
    [2, 2],
    [4, 1],
  ]);
});

test('leaving the loop early closes the source', async () => {
  const stream = streamOf(table(1000));
  const reader = await openReader(stream, { from: { format: 'csv' }, batchSize: 10 });
  for await (const row of reader) {
    expect(row['id']).toBe('0');
    break;
  }
  expect(stream.destroyed).toBe(true);
});

test.skipIf(!canListOpenFiles)(
  'a file is closed by the end of the loop, wherever that is [skipped: only Linux lists open files]',
  async ({ folder, put }) => {
    const [path] = await put({ 'a.csv': table(1000) });
    for await (const row of await openReader(path!, { batchSize: 10 })) if (row['id'] === '5') break;
    expect(await openFilesIn(folder)).toEqual([]);
    for await (const row of await openReader(path!)) expect(row['name']).toBe('a');
    expect(await openFilesIn(folder)).toEqual([]);
    await (await openReader(path!))[Symbol.asyncIterator]().return();
    await (await openReader(path!)).batches().return();
    expect(await openFilesIn(folder)).toEqual([]);
  },
);

test('close and dispose close a source that was not read, and may be called again', async () => {
  for (const close of ['close', Symbol.asyncDispose] as const) {
    const stream = streamOf(table(10));
    const reader = await openReader(stream, { from: { format: 'csv' } });
    await reader[close]();
    await reader[close]();
    expect(stream.destroyed).toBe(true);
  }
});

test('a file that was read, closed and disposed of', async ({ put }) => {
  const [path] = await put({ 'a.csv': table(1) });
  const reader = await openReader(path!);
  for await (const row of reader) expect(row).toEqual({ id: '0', name: 'a' });
  await reader.close();
  await reader[Symbol.asyncDispose]();
});

test('the schema says the names that the rows have', async ({ put }) => {
  const [path] = await put({ 'a.csv': table(1) });
  const reader = await openReader(path!, { rename: { id: 'key' } });
  expect(columnNames(reader.schema)).toEqual(['key', 'name']);
  for await (const row of reader) expect(Object.keys(row)).toEqual(['key', 'name']);
});

test('a bad row is thrown to the loop, with its place', async ({ put }) => {
  const [path] = await put({ 'a.csv': `${table(2)}x\n` });
  const read = async (): Promise<void> => {
    for await (const row of await openReader(path!, { batchSize: 1 })) expect(row['name']).toBe('a');
  };
  await expect(read()).rejects.toMatchObject({
    name: 'ConvertError',
    code: 'RAGGED_ROW',
    path,
    format: 'csv',
    row: 3,
    line: 4,
  });
});

test('an abort reaches the loop', async ({ put }) => {
  const [path] = await put({ 'a.csv': table(100) });
  const controller = new AbortController();
  const reader = await openReader(path!, { signal: controller.signal, batchSize: 10 });
  let rows = 0;
  const read = async (): Promise<void> => {
    for await (const row of reader) {
      rows += Number(row['id'] !== undefined);
      controller.abort(new Error('enough'));
    }
  };
  await expect(read()).rejects.toThrow('enough');
  expect(rows).toBe(1);
});

test('what cannot be opened: missing, a directory, unreadable, of no known format', async ({
  folder,
  put,
}) => {
  const [secret, odd] = await put({ 'secret.csv': table(1), 'odd.bin': Buffer.from([0, 1, 2, 0]) });
  await expect(openReader(`${folder}/no.csv`)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  await expect(openReader(folder)).rejects.toMatchObject({ code: 'SOURCE_IS_DIRECTORY' });
  await expect(openReader(odd!)).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT', path: odd });
  // Root reads everything.
  if (process.getuid?.() === 0) return;
  await chmod(secret!, 0);
  await expect(openReader(secret!)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
});

test('a reader that is closed gives nothing more', async ({ put }) => {
  const [source] = await put({ 'a.csv': table(5000) });
  const closed = await openReader(source!);
  await closed.close();
  await expect(closed[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'CLOSED', path: source });
  const reader = await openReader(source!);
  const read = async () => {
    for await (const _ of reader) await reader.close();
  };
  await expect(read()).rejects.toMatchObject({ code: 'CLOSED' });
});

test('as a source it keeps what objects would lose', async ({ folder, put }) => {
  const target = join(folder, 'b.csv');
  const [years, empty, spelled] = await put({
    'years.csv': 'b,2024,a,1\n1,2,3,4\n',
    'empty.csv': 'b,2024\n',
    'spelled.jsonl': '{"a":0.10,"b":1.0}\n',
  });
  for (const [source, expected] of [
    [years!, 'b,2024,a,1\n1,2,3,4\n'],
    [empty!, 'b,2024\n'],
    [spelled!, 'a,b\n0.10,1.0\n'],
  ] as const) {
    await convert(await openReader(source), target);
    expect(await readFile(target, 'utf8')).toBe(expected);
  }
  await convert(await openReader(years!), target, { columns: ['a', 'b'], rename: { a: '2023' } });
  expect(await readFile(target, 'utf8')).toBe('2023,b\n3,1\n');
});

test('as a source it is closed by a conversion that fails, read or not', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': 'a\n1\n' });
  for (const run of [
    (reader: RowReader) => convert(reader, join(folder, 'none', 'b.csv')),
    (reader: RowReader) => pipeline(reader, join(folder, 'b.csv'), () => 5 as never),
  ]) {
    const reader = await openReader(source!);
    await expect(run(reader)).rejects.toThrow(ConvertError);
    await expect(reader.batches().next()).rejects.toMatchObject({ code: 'CLOSED' });
  }
});

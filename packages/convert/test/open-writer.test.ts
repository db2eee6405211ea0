import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';

import { openReader, openWriter, type RowWriter } from '@x/convert';

import { table, test } from './scratch.ts';

type R = Record<string, unknown>;

test('rows one by one, published by commit and not before', async ({ folder, put }) => {
  const [path] = await put({ 'b.jsonl.gz': 'old' });
  const writer = await openWriter(path!, { atomic: true, batchSize: 2 });
  for (let i = 0; i < 5; i += 1) await writer.write({ i });
  expect(writer.rowsWritten).toBe(5);
  expect(await readFile(path!, 'utf8')).toBe('old');
  await writer.commit();
  expect(gunzipSync(await readFile(path!)).toString()).toBe('{"i":0}\n{"i":1}\n{"i":2}\n{"i":3}\n{"i":4}\n');
  expect(await readdir(folder)).toEqual(['b.jsonl.gz']);
});

test('writes that nobody waits for keep their order', async ({ folder }) => {
  const path = join(folder, 'b.jsonl');
  const writer = await openWriter(path, { atomic: true, batchSize: 3 });
  const writes = Array.from({ length: 100 }, (_none, i) => writer.write({ i }));
  await writer.commit();
  await Promise.all(writes);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { i: number }).i)).toEqual(writes.map((_write, i) => i));
});

test('a row that changes after its write is written as it was', async ({ folder }) => {
  const path = join(folder, 'b.jsonl');
  const writer = await openWriter(path, { batchSize: 100 });
  const row = { i: 0 };
  for (; row.i < 3; row.i += 1) await writer.write(row);
  await writer.commit();
  expect(await readFile(path, 'utf8')).toBe('{"i":0}\n{"i":1}\n{"i":2}\n');
});

test('rows of a reader, an array or a generator', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(2) });
  const rows: R[] = [];
  const writer = await openWriter(rows);
  await writer.writeAll(await openReader(source!));
  await writer.writeAll([{ id: 'array' }]);
  await writer.writeAll(
    (function* () {
      yield { id: 'generator' };
    })(),
  );
  await writer.commit();
  expect(rows.map(({ id }) => id)).toEqual(['0', '1', 'array', 'generator']);
  expect(await readdir(folder)).toEqual(['a.csv']);
});

test('nothing is touched before the first row', async ({ put }) => {
  const [path] = await put({ 'b.jsonl': 'old' });
  const writer = await openWriter(path!);
  expect(await readFile(path!, 'utf8')).toBe('old');
  await writer.discard();
  expect(await readFile(path!, 'utf8')).toBe('old');
});

test('no rows make an empty output', async ({ folder }) => {
  const writer = await openWriter(join(folder, 'b.jsonl'), { atomic: true });
  await writer.commit();
  expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('');
});

test.for(['discard', Symbol.asyncDispose] as const)(
  '%s keeps the old file',
  async (give, { folder, put }) => {
    const [path] = await put({ 'b.jsonl': 'old' });
    const writer = await openWriter(path!, { atomic: true, batchSize: 1 });
    await writer.write({ a: 1 });
    await writer[give]();
    await writer[give]();
    expect(await readFile(path!, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['b.jsonl']);
    await expect(writer.write({ a: 2 })).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(writer.commit()).rejects.toMatchObject({ code: 'CLOSED' });
  },
);

test('after a commit, discard and dispose do nothing, and a further commit nothing more', async ({
  folder,
}) => {
  const path = join(folder, 'b.jsonl');
  const writer = await openWriter(path, { atomic: true });
  await writer.write({ a: 1 });
  await writer.close();
  await writer.commit();
  await writer.discard();
  await writer[Symbol.asyncDispose]();
  expect(await readFile(path, 'utf8')).toBe('{"a":1}\n');
  await expect(writer.write({ a: 2 })).rejects.toMatchObject({ code: 'CLOSED' });
});

/** A destination that fails at its first byte. */
async function failingWriter(batchSize: number): Promise<RowWriter> {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no room')) });
  return openWriter(stream, { to: { format: 'jsonl' }, batchSize });
}

test('a destination that fails at once: the writes or the commit say so, none hangs', async () => {
  const waiting = await failingWriter(1);
  const writeTwice = async (): Promise<void> => {
    for (let i = 0; i < 100_000; i += 1) await waiting.write({ i });
    await waiting.commit();
  };
  await expect(writeTwice()).rejects.toThrow('no room');

  const hasty = await failingWriter(1000);
  const writes = Array.from({ length: 10 }, (_none, i) => hasty.write({ i }));
  await expect(hasty.commit()).rejects.toThrow('no room');
  await Promise.all(writes);
});

test('a failure that nobody has waited for yet is not an unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const writer = await failingWriter(100_000);
  for (let i = 0; i < 10; i += 1) await writer.write({ i });
  const committed = writer.commit().catch((error: Error) => error.message);
  for (let i = 0; i < 10; i += 1) await turn();
  process.off('unhandledRejection', note);
  expect(await committed).toBe('no room');
  expect(unhandled).toEqual([]);
});

test('a destination that never asks for a row: the write says why', async ({ folder, put }) => {
  const [path] = await put({ 'b.csv': 'old' });
  const writer = await openWriter(path!, {
    to: { format: 'csv', delimiter: '' },
    atomic: true,
    batchSize: 1,
  });
  await expect(writer.write({ a: 1 })).rejects.toMatchObject({ code: 'BAD_OPTION', path });
  expect(await readdir(folder)).toEqual(['b.csv']);
});

test('a stream that fails between two writes is no unhandled rejection either', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const stream = new PassThrough();
  stream.resume();
  const writer = await openWriter(stream, { to: { format: 'jsonl' }, batchSize: 1 });
  await writer.write({ a: 1 });
  stream.destroy(new Error('cut'));
  for (let i = 0; i < 10; i += 1) await turn();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  await expect(writer.commit()).rejects.toThrow('cut');
});

test('a file URL is named in the error like a path', async ({ folder }) => {
  const { pathToFileURL } = await import('node:url');
  const path = join(folder, 'b.jsonl');
  const writer = await openWriter(pathToFileURL(path));
  await writer.discard();
  await expect(writer.write({})).rejects.toMatchObject({ code: 'CLOSED', path });
});

test('an abort fails the writes and keeps the old file', async ({ folder, put }) => {
  const [path] = await put({ 'b.jsonl': 'old' });
  const controller = new AbortController();
  const writer = await openWriter(path!, { atomic: true, batchSize: 1, signal: controller.signal });
  await writer.write({ a: 1 });
  const reason = new Error('enough');
  controller.abort(reason);
  const goOn = async (): Promise<void> => {
    for (let i = 0; i < 100_000; i += 1) await writer.write({ i });
    await writer.commit();
  };
  await expect(goOn()).rejects.toBe(reason);
  expect(await readFile(path!, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['b.jsonl']);
});

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { convert, openReader, openWriter } from '@x/convert';

import { table, test } from './scratch.ts';

const program = join(import.meta.dirname, 'fixtures/to-stdout.mjs');
const fromCsv = { from: { format: 'csv' } } as const;
const toJsonl = { to: { format: 'jsonl' } } as const;
const two = '{"id":"0","name":"a"}\n{"id":"1","name":"a"}\n';

describe('from streams', () => {
  test('a Node.js stream, in compressed chunks of one byte', async ({ folder }) => {
    const bytes = gzipSync(table(2));
    const target = join(folder, 'b.jsonl');
    const source = Readable.from(
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
      { objectMode: false },
    );
    const result = await convert(source, target, { ...fromCsv, atomic: true });
    expect(await readFile(target, 'utf8')).toBe(two);
    expect(result).toMatchObject({ bytesRead: bytes.length, atomic: true, rowsRead: 2 });
  });

  test('a web stream, an async generator of bytes, bytes, a stream with an encoding', async ({ put }) => {
    const [path] = await put({ 'a.csv': table(2) });
    const sources = [
      new Response(table(2)).body!,
      (async function* () {
        yield Buffer.from(table(2));
      })(),
      Buffer.from(table(2)),
      createReadStream(path!, { encoding: 'utf8' }),
    ];
    for (const source of sources) {
      const rows: Record<string, unknown>[] = [];
      await convert(source, rows, fromCsv);
      expect(rows).toEqual([
        { id: '0', name: 'a' },
        { id: '1', name: 'a' },
      ]);
    }
  });

  test('the content tells the format where nobody says it', async () => {
    const rows: object[] = [];
    await convert(Readable.from([Buffer.from('{"a":1}\n')], { objectMode: false }), rows as never[]);
    expect(rows).toEqual([{ a: 1 }]);
  });

  test('a stream that says nothing is an error that says what to do', async () => {
    const stream = Readable.from([Buffer.from('\0\0')], { objectMode: false });
    await expect(convert(stream, [])).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
      hint: expect.stringContaining('from.format'),
    });
    expect(stream.destroyed).toBe(true);
  });

  test('a source that fails midway publishes nothing', async ({ folder, put }) => {
    const [target] = await put({ 'b.jsonl': 'old' });
    const failing = Readable.from(
      (async function* () {
        yield Buffer.from(table(10_000));
        throw Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
      })(),
      { objectMode: false },
    );
    await expect(convert(failing, target!, { ...fromCsv, atomic: true })).rejects.toMatchObject({
      code: 'ECONNRESET',
      message: 'connection lost',
      path: undefined,
    });
    expect(await readFile(target!, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['b.jsonl']);
  });

  test('a source is destroyed when the destination fails', async () => {
    const source = new PassThrough();
    source.write(table(10_000));
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no room')) });
    const endless = setInterval(() => source.write('1,a\n'.repeat(10_000)), 1);
    await expect(convert(source, broken, { ...fromCsv, ...toJsonl })).rejects.toThrow('no room');
    clearInterval(endless);
    expect(source.destroyed).toBe(true);
  });

  test('a source whose bytes are none is ended, not left open', async () => {
    let isEnded = false;
    const source = (async function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        isEnded = true;
      }
    })();
    await expect(convert(source as never, [], fromCsv)).rejects.toMatchObject({ code: 'BAD_OPTION' });
    expect(isEnded).toBe(true);
  });

  test.for(['destination', 'rejects'])(
    'a source is ended where the %s cannot be opened, and nothing of it was read',
    async (which, { folder, put }) => {
      const missing = join(folder, 'missing/b.jsonl');
      const [file] = await put({ 'a.csv': table(3) });
      const bytes = Readable.from([Buffer.from(table(3))], { objectMode: false });
      const rows = Readable.from([{ a: 1 }]);
      const reader = await openReader(file!);
      for (const [source, options] of [
        [bytes, fromCsv],
        [rows, {}],
        [reader, {}],
      ] as const) {
        const run =
          which === 'rejects'
            ? convert(source, [], { ...options, onError: 'skip', rejects: missing })
            : convert(source, missing, options);
        await expect(run).rejects.toMatchObject({ path: missing });
      }
      expect([bytes.destroyed, rows.destroyed]).toEqual([true, true]);
      await expect(reader[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'CLOSED' });
    },
  );

  test('rows where bytes were promised', async () => {
    const rows = [{ a: 1 }];
    await expect(convert(rows as never, [], fromCsv)).rejects.toThrow(/an Object instead of bytes/);
  });
});

describe('to streams', () => {
  test('a Node.js stream is ended; atomic is not possible, and the result says so', async ({
    folder,
    put,
  }) => {
    const [source] = await put({ 'a.csv': table(2) });
    const target = join(folder, 'b.gz');
    const stream = createWriteStream(target);
    const result = await convert(source!, stream, {
      to: { format: 'jsonl', codec: 'gzip' },
      atomic: true,
    });
    expect(stream.writableFinished).toBe(true);
    expect(gunzipSync(await readFile(target)).toString()).toBe(two);
    expect(result).toMatchObject({ atomic: false, bytesWritten: (await readFile(target)).length });
  });

  test('a web stream is closed', async ({ put }) => {
    const [source] = await put({ 'a.csv': table(2) });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const [written] = await Promise.all([text(readable), convert(source!, writable, toJsonl)]);
    expect(written).toBe(two);
  });

  test('backpressure: a slow reader gets everything', async () => {
    const slow = new PassThrough({ highWaterMark: 16 });
    const rows = Array.from({ length: 20_000 }, (_none, i) => ({ i }));
    const [written] = await Promise.all([buffer(slow), convert(rows, slow, toJsonl)]);
    expect(written.toString().split('\n')).toHaveLength(20_001);
    expect(written.toString().endsWith('{"i":19999}\n')).toBe(true);
  });

  test('a stream may keep its chunks for as long as it likes', async ({ put }) => {
    const [source] = await put({ 'a.csv': table(200_000) });
    for (const codec of ['identity', 'gzip']) {
      const chunks: Uint8Array[] = [];
      const keeping = new Writable({
        write: (chunk: Uint8Array, _encoding, done) => {
          chunks.push(chunk);
          done();
        },
      });
      await convert(source!, keeping, { to: { format: 'jsonl', codec } });
      const written = Buffer.concat(chunks);
      const lines = (codec === 'gzip' ? gunzipSync(written) : written).toString().split('\n');
      expect(lines[123_456]).toBe('{"id":"123456","name":"a"}');
      expect(lines.slice(-2)).toEqual(['{"id":"199999","name":"a"}', '']);
    }
  });

  test('a failing conversion destroys a Node.js stream: its reader sees that it is not whole', async ({
    put,
  }) => {
    const [source] = await put({ 'a.csv': `${table(100_000)}x\n` });
    const stream = new PassThrough();
    const read = buffer(stream).then(
      () => 'ended',
      () => 'broken off',
    );
    await expect(convert(source!, stream, toJsonl)).rejects.toMatchObject({ code: 'RAGGED_ROW' });
    expect(await read).toBe('broken off');
    expect(stream.destroyed).toBe(true);
  });

  test('a failing conversion aborts a web stream', async ({ put }) => {
    const [source] = await put({ 'a.csv': `${table(2)}x\n` });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const read = text(readable).then(
      () => 'ended',
      () => 'broken off',
    );
    await expect(convert(source!, writable, toJsonl)).rejects.toMatchObject({
      code: 'RAGGED_ROW',
      path: source,
    });
    expect(await read).toBe('broken off');
  });

  test('a failure before the first byte destroys the stream as well', async ({ folder }) => {
    const stream = new PassThrough();
    const read = buffer(stream).catch(() => 'broken off');
    const run = convert(join(folder, 'missing.csv'), stream, toJsonl);
    await expect(run).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    expect(await read).toBe('broken off');
  });

  test('a stream needs to.format', async ({ put }) => {
    const [source] = await put({ 'a.csv': table(1) });
    await expect(convert(source!, new PassThrough())).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
      hint: expect.stringContaining('to.format'),
    });
  });
});

test('standard output is written and stays open', async ({ put }) => {
  const [source] = await put({ 'a.csv': table(2) });
  const { stdout } = await promisify(execFile)(process.execPath, [...childNodeArgs, program, source!]);
  expect(stdout).toBe(`${two}still open\n`);
});

test('standard output that closes early is an EPIPE, not a crash', async ({ put }) => {
  const [source] = await put({ 'a.csv': table(300_000) });
  const child = spawn(process.execPath, [...childNodeArgs, program, source!], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(said.trim()).toBe('EPIPE');
});

describe('a stream that somebody else has used up', () => {
  test.for<[string, () => AsyncIterable<unknown>, object]>([
    ['a Node.js stream', () => Readable.from([Buffer.from(table(2))]), fromCsv],
    ['a web stream', () => new Blob([table(2)]).stream(), fromCsv],
    ['a stream of rows', () => Readable.from([{ a: 1 }]), {}],
  ])('is no empty table: %s', async ([, open, options], { folder, put }) => {
    const [old] = await put({ 'b.jsonl': 'old' });
    const source = open();
    for await (const chunk of source) expect(chunk).toBeDefined();
    const run = convert(source as Readable, old!, options);
    await expect(run).rejects.toMatchObject({
      code: 'SOURCE_USED_UP',
      hint: expect.stringContaining('open it once more'),
    });
    expect(await readFile(old!, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['b.jsonl']);
  });

  test('but one that is empty is one', async () => {
    const rows: Record<string, unknown>[] = [];
    await convert(Readable.from([], { objectMode: false }), rows, fromCsv);
    expect(rows).toEqual([]);
  });
});

describe('a destination stream that is closed already is refused at once', () => {
  test.for<[string, (stream: PassThrough) => unknown]>([
    ['ended', (stream) => stream.end()],
    ['destroyed', (stream) => stream.destroy()],
  ])('%s', async ([, close]) => {
    const stream = new PassThrough();
    close(stream);
    await expect(convert([{ a: 1 }], stream, toJsonl)).rejects.toMatchObject({ code: 'DESTINATION_CLOSED' });
    await expect(openWriter(stream, toJsonl)).rejects.toMatchObject({ code: 'DESTINATION_CLOSED' });
  });
});

describe('a file is not written while it is read, by whatever it is opened', () => {
  const long = table(300_000);

  test('as a reader, as a stream', async ({ put }) => {
    const [path] = await put({ 'a.csv': long });
    await expect(convert(await openReader(path!), path!)).rejects.toMatchObject({ code: 'SAME_FILE', path });
    await expect(convert(createReadStream(path!), path!, fromCsv)).rejects.toMatchObject({
      code: 'SAME_FILE',
    });
    expect(await readFile(path!, 'utf8')).toBe(long);
    await convert(await openReader(path!), path!, { atomic: true });
    await convert(createReadStream(path!), path!, { ...fromCsv, atomic: true });
    expect(await readFile(path!, 'utf8')).toBe(long);
  });

  test('into a stream of node:fs, which is said although it has truncated the file', async ({ put }) => {
    const [path] = await put({ 'a.csv': long });
    const run = convert(path!, createWriteStream(path!), { to: { format: 'csv' } });
    await expect(run).rejects.toMatchObject({ code: 'SAME_FILE' });
  });
});

test.for<[string, unknown, string]>([
  ['bytes', [Buffer.from(table(1))], 'from.format'],
  ['a Blob', new Blob([table(1)]), 'stream()'],
  ['a Response', new Response(table(1)), 'body'],
])('what people give for a stream is answered with what to give: %s', async ([, source, hint]) => {
  await expect(convert(source as never, [])).rejects.toMatchObject({ hint: expect.stringContaining(hint) });
});

test('no destination is an error, as somebody has lost it', async () => {
  const nothing = null as unknown as string;
  await expect(convert([{ a: 1 }], nothing)).rejects.toMatchObject({
    code: 'BAD_OPTION',
    hint: expect.stringContaining('pipeline()'),
  });
  await expect(openWriter(nothing)).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';

import { convert, openReader, openWriter, pipeline } from '@x/convert';

import { table, test } from './scratch.ts';

type Abort = () => void;

/** The stages of a run, each with a way to abort in the middle of it. */
const stages: readonly [
  string,
  (context: { source: string; target: string; signal: AbortSignal; abort: Abort }) => Promise<unknown>,
][] = [
  [
    'before it begins',
    ({ source, target, signal, abort }) => {
      abort();
      return convert(source, target, { atomic: true, signal });
    },
  ],
  [
    'before a writer is opened',
    ({ target, signal, abort }) => {
      abort();
      return openWriter(target, { atomic: true, signal });
    },
  ],
  [
    'while the source is opened',
    ({ source, target, signal, abort }) => {
      const run = convert(source, target, { atomic: true, signal });
      abort();
      return run;
    },
  ],
  [
    'while a stream is read',
    ({ target, signal, abort }) => {
      const source = Readable.from(
        (async function* () {
          yield Buffer.from(table(1000));
          await turn();
          abort();
          for (;;) {
            await turn();
            yield Buffer.from('1,a\n');
          }
        })(),
        { objectMode: false },
      );
      return convert(source, target, { from: { format: 'csv' }, atomic: true, signal, batchSize: 10 });
    },
  ],
  [
    'while rows are processed',
    ({ source, target, signal, abort }) =>
      pipeline(
        source,
        target,
        (row) => {
          if (row['id'] === '500') abort();
          return row;
        },
        { atomic: true, signal, batchSize: 10 },
      ),
  ],
  [
    'in the last row',
    ({ source, target, signal, abort }) =>
      pipeline(
        source,
        target,
        (row) => {
          if (row['id'] === '4999') abort();
          return row;
        },
        { atomic: true, signal },
      ),
  ],
  [
    'in final, when all rows are through',
    ({ source, target, signal, abort }) =>
      pipeline(source, target, (row) => row, { atomic: true, signal, final: abort }),
  ],
  [
    'while rows are counted only',
    ({ source, signal, abort }) => pipeline(source, null, (row) => (abort(), row), { signal, batchSize: 10 }),
  ],
  [
    'before a writer commits',
    async ({ target, signal, abort }) => {
      const writer = await openWriter(target, { atomic: true, signal });
      await writer.write({ a: 1 });
      abort();
      await writer.commit();
    },
  ],
];

test.for(stages)('aborted %s: the reason is thrown, the old file stays', async ([, run], { folder, put }) => {
  const [source, target] = await put({ 'a.csv.gz': gzipSync(table(5000)), 'b.jsonl.gz': 'old' });
  const controller = new AbortController();
  const reason = new Error('enough');
  const abort = (): void => controller.abort(reason);
  await expect(run({ source: source!, target: target!, signal: controller.signal, abort })).rejects.toBe(
    reason,
  );
  expect(await readFile(target!, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.csv.gz', 'b.jsonl.gz']);
});

test('an abort breaks a destination stream off', async () => {
  const controller = new AbortController();
  const stream = new PassThrough();
  stream.resume();
  const rows = (function* () {
    for (let i = 0; ; i += 1) {
      if (i === 1000) controller.abort(new Error('enough'));
      yield { i };
    }
  })();
  const run = convert(rows, stream, {
    to: { format: 'jsonl' },
    signal: controller.signal,
    batchSize: 10,
    scanLimit: 10,
  });
  await expect(run).rejects.toThrow('enough');
  expect(stream.destroyed).toBe(true);
  expect(stream.readableEnded).toBe(false);
});

test('a timeout is thrown as such', async ({ folder }) => {
  const rows = (async function* () {
    for (;;) {
      await turn();
      yield { a: 1 };
    }
  })();
  const run = convert(rows, join(folder, 'b.jsonl'), {
    signal: AbortSignal.timeout(20),
    batchSize: 1,
    scanLimit: 1,
  });
  await expect(run).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('an abort in the last moment is one, also where nothing is compressed or published', async () => {
  const controller = new AbortController();
  const final = (): void => controller.abort(new Error('enough'));
  const run = pipeline([{ a: 1 }], [], (row) => row, { signal: controller.signal, final });
  await expect(run).rejects.toThrow('enough');
});

test('a reader is not opened behind an abort, also of what takes one read', async ({ put }) => {
  const [source] = await put({ 'a.csv': 'a\n1\n' });
  for (const from of [source!, [{ a: 1 }]]) {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(openReader(from, { signal })).rejects.toBe(signal.reason);
  }
});

test('an abort after the end changes nothing', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(1) });
  const controller = new AbortController();
  await convert(source!, join(folder, 'b.jsonl'), { atomic: true, signal: controller.signal });
  controller.abort();
  await writeFile(join(folder, 'c'), '');
  expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('{"id":"0","name":"a"}\n');
});

test('what is no signal is refused', async ({ folder }) => {
  const run = convert([], join(folder, 'b.jsonl'), { signal: {} as AbortSignal });
  await expect(run).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining('signal') });
});

const never = (): Promise<never> => new Promise(() => {});

test.for<[string, (signal: AbortSignal, target: string) => Promise<unknown>]>([
  ['process', (signal, target) => pipeline([{ a: 1 }], target, never, { atomic: true, signal })],
  [
    'trigger',
    (signal, target) =>
      pipeline([{ a: 1 }], target, (row) => row, { atomic: true, signal, trigger: never, triggerEvery: 1 }),
  ],
  [
    'final',
    (signal, target) => pipeline([{ a: 1 }], target, (row) => row, { atomic: true, signal, final: never }),
  ],
  [
    'schema',
    (signal, target) => {
      const schema = { '~standard': { version: 1, vendor: 'own', validate: never } } as const;
      return pipeline([{ a: 1 }], target, (row) => row, { atomic: true, signal, schema });
    },
  ],
  ['a taker of rows', (signal) => convert([{ a: 1 }], { write: never }, { signal })],
])('an abort does not wait for what never answers: %s', async ([, start], { folder }) => {
  const target = join(folder, 'b.jsonl');
  await writeFile(target, 'old');
  const controller = new AbortController();
  const run = start(controller.signal, target);
  setTimeout(() => controller.abort(new Error('enough')), 20);
  await expect(run).rejects.toThrow('enough');
  expect(await readFile(target, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['b.jsonl']);
});

test("an abort that process passes on is no bad row, also with onError: 'skip'", async () => {
  const controller = new AbortController();
  const process = async (): Promise<never> => {
    controller.abort(new Error('enough'));
    throw new Error('the request was given up');
  };
  const run = pipeline([{ a: 1 }], [], process, { signal: controller.signal, onError: 'skip' });
  await expect(run).rejects.toThrow('enough');
});

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { bulkConvert, convert, type ConvertOptions, detect, openReader } from '@x/convert';

import { openFilesIn } from './open-files.ts';
import { table, test as base } from './scratch.ts';

const hasFifos = process.platform === 'linux';

/** A promise that nobody ever settles. */
const never = (): Promise<never> => new Promise(() => {});

/** `aborted` aborts a conversion once it has gone silent, and sees that it gives the reason and changes nothing. */
const test = base.extend<{
  aborted: (
    source: Parameters<typeof convert>[0],
    isSilent: () => boolean,
    options?: ConvertOptions,
  ) => Promise<void>;
}>({
  aborted: async ({ put }, use) => {
    await use(async (source, isSilent, options = {}) => {
      const [target] = await put({ 'out/b.jsonl': 'old' });
      const controller = new AbortController();
      const run = convert(source, target!, { atomic: true, ...options, signal: controller.signal });
      run.catch(() => {});
      while (!isSilent()) await turn();
      for (let i = 0; i < 10; i += 1) await turn();
      const reason = new Error('enough');
      controller.abort(reason);
      await expect(run).rejects.toBe(reason);
      expect(await readFile(target!, 'utf8')).toBe('old');
      expect(await readdir(join(target!, '..'))).toEqual(['b.jsonl']);
    });
  },
});

describe('an abort ends the wait for a source that is silent', () => {
  const csv = { from: { format: 'csv' } } as const;

  test.for([0, 1, 50_000])(
    'a Node.js stream after %i rows, which is destroyed',
    async (rows, { aborted }) => {
      const stream = new PassThrough();
      stream.write(rows === 0 ? '' : table(rows));
      await aborted(stream, () => stream.readableLength === 0, csv);
      expect(stream.destroyed).toBe(true);
    },
  );

  test('a web stream, a generator of bytes, in gzip', async ({ aborted }) => {
    const packed = gzipSync(table(5000)).subarray(0, -100);
    let pulls = 0;
    const web = new ReadableStream<Uint8Array>({
      pull: (controller) => (pulls++ === 0 ? controller.enqueue(new Uint8Array(packed)) : never()),
    });
    await aborted(web, () => pulls > 1, { from: { format: 'csv', codec: 'gzip' } });
    let isSilent = false;
    const bytes = (async function* () {
      yield packed;
      isSilent = true;
      await never();
    })();
    await aborted(bytes, () => isSilent, { from: { format: 'csv', codec: 'gzip' } });
  });

  test.for([0, 10])('a generator of rows after %i rows', async (rows, { aborted }) => {
    let isSilent = false;
    const source = (async function* () {
      for (let i = 0; i < rows; i += 1) yield { i };
      isSilent = true;
      await never();
      yield {};
    })();
    await aborted(source, () => isSilent, { batchSize: 1, scanLimit: 1 });
  });

  test('a Node.js stream of rows, which is destroyed', async ({ aborted }) => {
    const stream = new PassThrough({ objectMode: true });
    stream.write({ i: 1 });
    await aborted(stream, () => stream.readableLength === 0);
    expect(stream.destroyed).toBe(true);
  });

  test.skipIf(!hasFifos)(
    'a named pipe, with and without somebody at its other end',
    async ({ aborted, folder }) => {
      const fifo = join(folder, 'a.csv');
      spawnSync('mkfifo', [fifo]);
      await aborted(fifo, () => true);
      const writer = await open(fifo, 'r+');
      await writer.write(table(3));
      await aborted(fifo, () => true);
      await writer.close();
    },
  );

  test.skipIf(!hasFifos)('named pipes in threads', async ({ folder }) => {
    const fifos = [join(folder, 'a.csv'), join(folder, 'b.csv')];
    spawnSync('mkfifo', fifos);
    const controller = new AbortController();
    const run = bulkConvert(fifos, join(folder, 'out'), {
      to: 'jsonl',
      atomic: true,
      concurrency: 2,
      signal: controller.signal,
    });
    run.catch(() => {});
    // The files of threads are those of the process. From here on each waits.
    while (new Set(await openFilesIn(folder)).size < 2) await turn();
    controller.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });

  test('a reader of rows', async () => {
    const controller = new AbortController();
    const stream = new PassThrough();
    stream.write(table(2000));
    const read = (async () => {
      const options = { ...csv, signal: controller.signal, scanLimit: 10, batchSize: 10 };
      for await (const _ of await openReader(stream, options));
    })();
    read.catch(() => {});
    while (stream.readableLength > 0) await turn();
    controller.abort(new Error('enough'));
    await expect(read).rejects.toThrow('enough');
  });
});

describe('an abort ends the wait for a destination that takes nothing', () => {
  test('a Node.js stream', async ({ put }) => {
    const [source] = await put({ 'a.csv': table(50_000) });
    const controller = new AbortController();
    const state = { isFull: false };
    const stream = new Writable({ highWaterMark: 1, write: () => void (state.isFull = true) });
    const run = convert(source!, stream, { to: { format: 'jsonl' }, signal: controller.signal });
    run.catch(() => {});
    while (!state.isFull) await turn();
    controller.abort(new Error('enough'));
    await expect(run).rejects.toBe(controller.signal.reason);
    expect(stream.destroyed).toBe(true);
  });

  test('a web stream', async ({ put }) => {
    const [source] = await put({ 'a.csv': table(50_000) });
    const controller = new AbortController();
    const state = { isFull: false };
    const stream = new WritableStream<Uint8Array>({
      write: () => {
        state.isFull = true;
        return never();
      },
    });
    const run = convert(source!, stream, { to: { format: 'jsonl' }, signal: controller.signal });
    run.catch(() => {});
    while (!state.isFull) await turn();
    controller.abort(new Error('enough'));
    await expect(run).rejects.toBe(controller.signal.reason);
  });
});

describe.skipIf(!hasFifos)('a named pipe [skipped: made and read without waiting on Linux only]', () => {
  test('is a source like a file: told by name and content, plain and compressed', async ({ folder }) => {
    const [plain, packed] = [join(folder, 'a.csv'), join(folder, 'b.csv.gz')];
    spawnSync('mkfifo', [plain, packed]);
    const feed = (path: string, command: string) =>
      once(spawn('sh', ['-c', `${command} > "$0"`, path], { stdio: 'ignore' }), 'exit');
    const one = [
      feed(plain, '(echo id,name; yes 1,a | head -100000)'),
      convert(plain, join(folder, 'a.jsonl')),
    ];
    expect((await Promise.all(one))[1]).toMatchObject({ rowsRead: 100_000, rowsWritten: 100_000 });
    const two = [
      feed(packed, '(echo id; sleep 0.1; echo 1) | gzip'),
      convert(packed, join(folder, 'b.csv.gz.2'), { to: { format: 'csv', codec: 'gzip' } }),
    ];
    expect((await Promise.all(two))[1]).toMatchObject({ rowsRead: 1 });
    expect(gunzipSync(await readFile(join(folder, 'b.csv.gz.2'))).toString()).toBe('id\n1\n');
    const three = [feed(plain, 'printf "a;b\\n1;2\\n"'), detect(plain)] as const;
    expect((await Promise.all(three))[1]).toMatchObject({ format: 'ssv', method: 'content' });
  });

  test.for(['one', 'bulk'])('the process ends although it is silent: %s', async (how, { folder }) => {
    const fifos = [join(folder, 'a.csv'), join(folder, 'b.csv')];
    spawnSync('mkfifo', fifos);
    await mkdir(join(folder, 'out'));
    const program = join(import.meta.dirname, 'fixtures/silent-exit.mjs');
    // One pipe has somebody at its other end, one has nobody.
    const writer = await open(fifos[0]!, 'r+');
    const args = [...childNodeArgs, program, how, join(folder, 'out'), ...fifos];
    // Not awaited by spawnSync(), which would keep the test from being ended by its own time limit.
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [stderr, ended] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    await writer.close();
    expect({ ended, stderr }).toEqual({ ended: [3, null], stderr: '' });
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });
});

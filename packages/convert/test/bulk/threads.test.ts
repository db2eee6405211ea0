import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, vi } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { bulkConvert } from '@x/convert';
import { csv } from '@x/formats';

import { hasFifos } from '../endless.ts';
import { table, test } from '../scratch.ts';

/** Those that were started in this test; those of an earlier one are gone. */
let threads: Worker[] = [];
const keep = (thread: Worker): void => void threads.push(thread);
const endThreads = async (): Promise<void> => {
  await Promise.all(threads.map((thread) => thread.terminate()));
  threads = [];
};

// As many threads wait for a next call as the machine has processors, and not longer than some seconds.
const { availableParallelism } = os;
const setProcessors = (count: typeof availableParallelism): void => {
  os.availableParallelism = count;
  syncBuiltinESMExports();
};

beforeAll(() => {
  process.on('worker', keep);
  setProcessors(() => 2);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(endThreads);
afterAll(() => {
  process.off('worker', keep);
  setProcessors(availableParallelism);
  vi.useRealTimers();
});

/** A format is a value with functions, which cannot be sent to a thread. */
const formats = [{ ...csv(), name: 'own', extensions: ['.own'] }];

test.for([
  { concurrency: 1, started: 0 },
  { concurrency: 2, started: 2 },
  { concurrency: 5, started: 3 },
  { concurrency: 2, formats, started: 0 },
  { concurrency: undefined, started: 0 },
])('threads that start for three small files: %o', async ({ started, ...how }, { folder, put }) => {
  await put({ 'in/a.csv': table(1), 'in/b.csv': table(1), 'in/c.csv': table(1) });
  await bulkConvert(join(folder, 'in'), join(folder, 'out'), { to: 'jsonl', ...how });
  expect(threads).toHaveLength(started);
});

test('the next call takes the threads of the one before, with options of its own', async ({
  folder,
  put,
}) => {
  await put({ 'in/a.csv': 'a;b\n1;2\n', 'in/b.csv': 'a;b\n3;4\n' });
  const convert = async (out: string, delimiter: string): Promise<string> => {
    const options = { to: 'jsonl', from: { format: 'csv', delimiter }, concurrency: 2 } as const;
    await bulkConvert(join(folder, 'in'), join(folder, out), options);
    return readFile(join(folder, out, 'b.jsonl'), 'utf8');
  };
  expect(await convert('first', ';')).toBe('{"a":"3","b":"4"}\n');
  expect(await convert('second', ',')).toBe('{"a;b":"3;4"}\n');
  expect(threads).toHaveLength(2);
});

test('two calls at a time share no thread', async ({ folder, put }) => {
  await put({ 'in/a.csv': 'a;b\n1;2\n', 'in/b.csv': 'a;b\n3;4\n' });
  const convert = (delimiter: string): Promise<unknown> =>
    bulkConvert(join(folder, 'in'), join(folder, `out${delimiter}`), {
      to: 'jsonl',
      from: { format: 'csv', delimiter },
      concurrency: 2,
    });
  await Promise.all([convert(';'), convert(',')]);
  expect(await readFile(join(folder, 'out;/a.jsonl'), 'utf8')).toBe('{"a":"1","b":"2"}\n');
  expect(await readFile(join(folder, 'out,/a.jsonl'), 'utf8')).toBe('{"a;b":"1;2"}\n');
  expect(threads).toHaveLength(4);
});

test('a thread that ended while it waited is replaced', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1), 'in/b.csv': table(1) });
  const convert = () => bulkConvert(join(folder, 'in'), join(folder, 'out'), { to: 'jsonl', concurrency: 2 });
  await convert();
  await threads[0]!.terminate();
  expect(await convert()).toMatchObject({ succeeded: 2, failed: 0 });
  expect(threads).toHaveLength(3);
});

test('after an abort the threads convert for the next call', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(300_000), 'in/b.csv': table(300_000), 'small.csv': table(1) });
  const stop = new AbortController();
  const options = { to: 'jsonl', concurrency: 2, atomic: true, signal: stop.signal } as const;
  process.once('worker', (thread) => thread.once('online', () => stop.abort(new Error('enough'))));
  await expect(bulkConvert(join(folder, 'in'), join(folder, 'out'), options)).rejects.toThrow('enough');
  const sources = ['small.csv', 'in/a.csv'].map((name) => join(folder, name));
  const after = await bulkConvert(sources, join(folder, 'out'), { to: 'jsonl', concurrency: 2 });
  expect(after).toMatchObject({ succeeded: 2, rowsWritten: 300_001 });
  expect(await readdir(join(folder, 'out'))).toEqual(['a.jsonl', 'small.jsonl']);
  expect(threads).toHaveLength(2);
});

test('threads that wait keep no process running', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1), 'in/b.csv': table(1) });
  const program = join(import.meta.dirname, '../fixtures/bulk-again.mjs');
  // Not by spawnSync(), which would wait for a process that goes on, and the test's own time limit with it.
  const child = spawn(process.execPath, [...childNodeArgs, program, folder]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ startedBy: [2, 0], ended: 0 });
});

test('a thread that waits for nothing longer than its patience ends', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1), 'in/b.csv': table(1) });
  const convert = () => bulkConvert(join(folder, 'in'), join(folder, 'out'), { to: 'jsonl', concurrency: 2 });
  await convert();
  vi.advanceTimersByTime(4999);
  await convert();
  expect(threads).toHaveLength(2);
  const ends = threads.map((thread) => once(thread, 'exit'));
  vi.advanceTimersByTime(5000);
  await Promise.all(ends);
  await convert();
  expect(threads).toHaveLength(4);
});

test('a thread that is lost costs the files that it had in hand, not the others', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1), 'in/b.csv': table(1), 'in/c.csv': table(1) });
  let started = 0;
  const killFirst = (thread: Worker): void => {
    started += 1;
    if (started === 1) void thread.terminate();
  };
  process.on('worker', killFirst);
  try {
    const result = await bulkConvert(join(folder, 'in'), join(folder, 'out'), {
      to: 'jsonl',
      concurrency: 2,
    });
    // The first thread was given the first file and the third.
    expect(result).toMatchObject({ succeeded: 1, failed: 2 });
    expect(result.files[1]).toMatchObject({ status: 'succeeded' });
    expect(result.files[0]!.error).toMatchObject({ code: 'THREAD_LOST', path: join(folder, 'in/a.csv') });
  } finally {
    process.off('worker', killFirst);
  }
});

test('a thread that fails by itself costs what it had not reported, and not the process', async ({
  folder,
  put,
}) => {
  await put(Object.fromEntries(Array.from({ length: 40 }, (_none, i) => [`in/${i}.csv`, table(1)])));
  const [program, failing] = ['bulk-report.mjs', 'failing-thread.cjs'].map((name) =>
    join(import.meta.dirname, '../fixtures', name),
  );
  const args = [...childNodeArgs, '--require', failing!, program!, folder];
  const env = { ...process.env, REPORTED: join(folder, 'reported') };
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  expect(stderr).toBe('');
  const { succeeded, failed, messages } = JSON.parse(stdout);
  expect(succeeded + failed).toBe(40);
  expect(await readFile(join(folder, 'reported'), 'utf8')).toBe('.'.repeat(succeeded));
  expect(messages).toEqual(['the thread that converted the file has ended: enough of it']);
  expect((await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'a process that ends while threads write leaves no temp [skipped: Windows has no FIFO]',
  async ({ folder, put }) => {
    await put({ 'out/a.jsonl': 'old' });
    const fifos = ['a.csv', 'b.csv'].map((name) => join(folder, name));
    spawnSync('mkfifo', fifos);
    // Sources without an end, so that both threads are at work when the process ends.
    for (const fifo of fifos) spawn('sh', ['-c', '(echo id; yes 1) > "$0"', fifo]);
    const program = join(import.meta.dirname, '../fixtures/bulk-exit.mjs');
    const args = [...childNodeArgs, program, join(folder, 'out'), ...fifos];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([3, '']);
    expect(JSON.parse(stdout)).toEqual(['a.jsonl', 'a.jsonl.tmp', 'b.jsonl.tmp']);
    expect(await readdir(join(folder, 'out'))).toEqual(['a.jsonl']);
    expect(await readFile(join(folder, 'out/a.jsonl'), 'utf8')).toBe('old');
  },
);

test('threads start in a program that is given as text, too', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1), 'in/b.csv': table(1) });
  const program = `
  import { bulkConvert } from '@x/convert';
  const { succeeded } = await bulkConvert('${folder}/in', '${folder}/out', { to: 'jsonl', concurrency: 2 });
  console.log(succeeded);`;
  const args = [...childNodeArgs, '--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({ stdout: '2\n', stderr: '' });
});

describe.skipIf(!hasFifos)(
  'a thread that read a pipe closes no file of others [skipped: no FIFO on Windows]',
  () => {
    /** Makes pipes that give a row each. */
    const pipesIn = (folder: string): string[] => {
      const pipes = ['a.csv', 'b.csv'].map((name) => join(folder, name));
      spawnSync('mkfifo', pipes);
      for (const pipe of pipes) spawn('sh', ['-c', '(echo id; echo 1) > "$0"', pipe]);
      return pipes;
    };
    /** Opens files, which get the numbers of descriptors that the thread had, and closes them after its end. */
    const others = async (path: string, end: () => Promise<unknown>): Promise<void> => {
      const handles = await Promise.all(Array.from({ length: 20 }, () => open(path)));
      await end();
      await Promise.all(handles.map((handle) => handle.close()));
    };

    test('one of bulkConvert', async ({ folder, put }) => {
      const [other] = await put({ other: '' });
      const options = { to: 'jsonl', concurrency: 2 } as const;
      expect(await bulkConvert(pipesIn(folder), join(folder, 'out'), options)).toMatchObject({ rowsRead: 2 });
      await others(other!, endThreads);
    });

    test('one of somebody who converts in it', async ({ folder, put }) => {
      const [other] = await put({ other: '' });
      const [pipe] = pipesIn(folder);
      const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    import('@x/convert').then(async ({ convert }) => {
      parentPort.postMessage(await convert(workerData, workerData + '.jsonl'));
      parentPort.once('message', () => {});
    });`;
      const thread = new Worker(program, { eval: true, workerData: pipe });
      const [result] = await once(thread, 'message');
      expect(result).toMatchObject({ rowsRead: 1 });
      await others(other!, () => thread.terminate());
    });
  },
);

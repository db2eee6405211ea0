import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

import { cleanupOnSignals, open } from '@x/atomic-fs';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { type TestContext, expect, test, vi } from 'vitest';

import { type Result, printed, resultOf, runFixture, startFixture } from './child.ts';
import { makeDirectory } from './directory.ts';

const makeTarget = (): string => {
  const target = path.join(makeDirectory(), 'out.csv');
  fs.writeFileSync(target, 'old');
  return target;
};

function needSignals(context: TestContext): void {
  if (process.platform === 'win32') context.skip('Windows has no signals to end a process with');
}

async function endBySignal(signal: NodeJS.Signals, target: string, ...then: string[]): Promise<Result> {
  const child = startFixture('hold.mjs', [target, '{}', ...then, 'wait']);
  const result = resultOf(child);
  await printed(child, 'ready');
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv', 'out.csv.tmp']);
  child.kill(signal);
  return result;
}

const listed = (target: string): string[] => fs.readdirSync(path.dirname(target));

test.each([
  ['exit', { code: 3 }],
  ['throw', { code: 1, stderr: expect.stringContaining('uncaught') }],
  ['reject', { code: 1, stderr: expect.stringContaining('unhandled') }],
  ['end', { code: 0 }],
])('a process that ends by %s leaves no temp', async (then, result) => {
  const target = makeTarget();
  expect(await runFixture('hold.mjs', [target, '{}', then])).toMatchObject(result);
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(listed(target)).toEqual(['out.csv']);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'cleanupOnSignals: %s ends as ever and leaves no temp',
  async (signal) => {
    const target = makeTarget();
    expect(await endBySignal(signal, target, 'cleanup', 'cleanup')).toMatchObject({ code: null, signal });
    expect(listed(target)).toEqual(['out.csv']);
  },
);

test('a signal without cleanupOnSignals leaves a temp, and so does one after its end', async (context) => {
  needSignals(context);
  for (const then of [[], ['cleanupAndStop']]) {
    const target = makeTarget();
    // oxlint-disable-next-line no-await-in-loop
    expect(await endBySignal('SIGTERM', target, ...then)).toMatchObject({ signal: 'SIGTERM' });
    expect(listed(target)).toEqual(['out.csv', 'out.csv.tmp']);
  }
});

test('other listeners decide whether the process ends, and its end leaves no temp', async (context) => {
  needSignals(context);
  const target = makeTarget();
  const result = await endBySignal('SIGTERM', target, 'cleanup', 'listenAndExit');
  expect(result).toMatchObject({ code: 4, signal: null });
  expect(listed(target)).toEqual(['out.csv']);
});

test('a file that another listener completes stays valid', async (context) => {
  needSignals(context);
  const target = makeTarget();
  const result = await endBySignal('SIGTERM', target, 'listenAndCommit', 'cleanup');
  expect(result).toMatchObject({ code: 5, stderr: '' });
  expect(fs.readFileSync(target, 'utf8')).toBe('half of it, and the rest');
});

test('with the package signal-exit, which waits to be alone as well, the signal still ends the process', async (context) => {
  needSignals(context);
  const target = makeTarget();
  const result = await endBySignal('SIGTERM', target, 'cleanup', 'signalExit');
  expect(result).toMatchObject({ code: null, signal: 'SIGTERM', stderr: 'signal-exit ran\n' });
  expect(listed(target)).toEqual(['out.csv']);
});

test.skipIf(process.platform !== 'linux').each([
  ['created', []],
  ['asked', []],
  ['taken', ['out.csv.tmp']],
])(
  'a process that ends when the temp is %s, and nobody has been told, leaves none of its own [skipped: needs /proc]',
  async (when, left) => {
    const target = makeTarget();
    vi.stubEnv('UV_THREADPOOL_SIZE', '1');
    expect(await runFixture('exit-early.mjs', [target, when])).toMatchObject({ code: 3, stderr: '' });
    vi.unstubAllEnvs();
    expect(listed(target)).toEqual(['out.csv', ...left]);
  },
);

test('there are listeners only while there is something to remove', async () => {
  const before = process.listenerCount('exit');
  const files = await Promise.all([open(makeTarget()), open(makeTarget())]);
  expect(process.listenerCount('exit')).toBe(before + 1);
  await files[0].commit();
  expect(process.listenerCount('exit')).toBe(before + 1);
  await files[1].discard();
  expect(process.listenerCount('exit')).toBe(before);

  const signals = process.listenerCount('SIGHUP');
  const stop = cleanupOnSignals(['SIGHUP']);
  expect(process.listenerCount('SIGHUP')).toBe(signals + 1);
  stop();
  expect(process.listenerCount('SIGHUP')).toBe(signals);
});

test('the end of a worker thread leaves no temp', async () => {
  const target = makeTarget();
  const worker = new Worker(fileURLToPath(new URL('fixtures/hold.mjs', import.meta.url)), {
    argv: [target, '{}', 'exit'],
    execArgv: [...childNodeArgs],
  });
  const code = await new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
  expect(code).toBe(3);
  expect(listed(target)).toEqual(['out.csv']);
});

test('a temp that is somebody else’s by now is not removed at the end', async () => {
  const target = makeTarget();
  const child = startFixture('hold.mjs', [target, '{}', 'cleanup', 'wait']);
  const result = resultOf(child);
  await printed(child, 'ready');
  fs.unlinkSync(`${target}.tmp`);
  fs.writeFileSync(`${target}.tmp`, 'theirs');
  child.kill('SIGTERM');
  await result;
  expect(fs.readFileSync(`${target}.tmp`, 'utf8')).toBe('theirs');
});

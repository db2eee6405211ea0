import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { bulkConvert, detachRun, type Engine, joinRun, local, Metrics, serveMetrics } from '@x/fleet';
import { bullmq, serveRuns } from '@x/fleet/bullmq';
import { findRun, finish, statusOf } from '@x/fleet/run-directory';
import { expect, onTestFinished, test } from 'vitest';

import { manifest, outputs, quick, sourceFiles } from './files.ts';
import { redisServer } from './redis.ts';

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await wait(5);
};

test('drained, a worker publishes what it has in hand, leaves the rest, and others go on', async () => {
  const { sources, out } = sourceFiles(150);
  const drain = new AbortController();
  const metrics = new Metrics();
  const run = await bulkConvert(sources, out, { ...quick, drain: drain.signal, metrics });
  await until(() => metrics.published >= 5);
  drain.abort();
  const result = await run.done();
  expect(result.isComplete).toBe(false);
  expect(result.open).toBeGreaterThan(0);
  expect(result.published).toBe(outputs(out).length);
  expect(result.published + result.open).toBe(150);
  expect(attemptsLeft(run.folder.path)).toEqual([]);
  expect(metrics.inHand).toBe(0);
  expect(await (await joinRun(out)).done()).toMatchObject({ published: 150, isComplete: true });
});

test('drained between two attempts at the last file of a range, a worker gives the range back', async () => {
  const { sources, out } = sourceFiles(1);
  writeFileSync(join(sources, '0.csv'), 'a,b\n1\n');
  const drain = new AbortController();
  const metrics = new Metrics();
  const settled: string[] = [];
  const engine: Engine = {
    ...local(),
    join: async (folder, ranges) => {
      const queue = await local().join(folder, ranges);
      return {
        put: (some) => queue.put(some),
        take: async (signal) => {
          const lease = await queue.take(signal);
          if (lease === undefined) return undefined;
          return { ...lease, settle: (outcome) => (settled.push(outcome), lease.settle(outcome)) };
        },
        close: () => queue.close(),
      };
    },
  };
  const run = await bulkConvert(sources, out, {
    ...quick,
    retryDelay: 60_000,
    engine,
    drain: drain.signal,
    metrics,
  });
  await until(() => metrics.retries === 1);
  drain.abort();
  expect(await run.done()).toMatchObject({ open: 1, failed: 0, isComplete: false });
  expect(settled).toEqual(['retry']);
});

test('an aborted worker abandons what it has in hand', async () => {
  const { sources, out } = sourceFiles(1);
  writeFileSync(join(sources, '0.csv'), 'id\n'.concat('1\n'.repeat(5_000_000)));
  const stop = new AbortController();
  const metrics = new Metrics();
  const run = await bulkConvert(sources, out, { ...quick, signal: stop.signal, metrics });
  await until(() => metrics.inHand === 1);
  stop.abort(new Error('stop'));
  await expect(run.done()).rejects.toThrow('stop');
  expect(outputs(out)).toEqual([]);
  expect(attemptsLeft(run.folder.path)).toEqual([]);
});

test('a conversion whose lease is lost is ended, not awaited', async () => {
  const { sources, out } = sourceFiles(1);
  writeFileSync(join(sources, '0.csv'), 'id\n'.concat('1\n'.repeat(5_000_000)));
  const metrics = new Metrics();
  const lease = new AbortController();
  let isTaken = false;
  const engine: Engine = {
    name: 'loses',
    isShared: false,
    owns: () => true,
    join: () =>
      Promise.resolve({
        put: () => Promise.resolve(),
        take: () => {
          if (isTaken) return Promise.resolve(undefined);
          isTaken = true;
          return Promise.resolve({
            range: 0,
            signal: lease.signal,
            // It would be told so only after the conversion.
            isHeld: () => Promise.resolve(true),
            settle: () => Promise.resolve(),
          });
        },
        close: () => Promise.resolve(),
      }),
  };
  const run = await bulkConvert(sources, out, { ...quick, concurrency: 1, engine, metrics });
  await until(() => metrics.inHand === 1);
  lease.abort(new Error('given to another worker'));
  expect(await run.done()).toMatchObject({ published: 0, failed: 0, open: 1, isComplete: false });
  expect(metrics).toMatchObject({ leasesLost: 1, published: 0, retries: 0, bytesWritten: 0 });
  expect(attemptsLeft(run.folder.path)).toEqual([]);
});

test('an input that has ended so many workers is set aside, and one that ended fewer is tried again', async () => {
  const { sources, out } = sourceFiles(3);
  const folder = await detachRun(sources, out, quick);
  const attempts = join(folder.path, 'tmp', '00000');
  mkdirSync(attempts);
  const killed = (key: string, token: string): void => {
    // An attempt and the temp that it was writing: one attempt.
    writeFileSync(join(attempts, `${key}.${token}.x.jsonl`), '');
    writeFileSync(join(attempts, `${key}.${token}.x.jsonl.tmp`), 'half');
  };
  for (const token of ['a', 'b', 'c']) killed('00000001', token);
  for (const token of ['d', 'e']) killed('00000002', token);
  const run = await joinRun(out, { attempts: 3 });
  expect(await run.done()).toMatchObject({ published: 2, failed: 1, open: 0 });
  expect(manifest(out)[2]).toMatchObject({ status: 'failed', error: { code: 'WORKER_LOST', attempts: 3 } });
  expect(outputs(out)).toEqual(['0.jsonl', '2.jsonl']);
  expect(attemptsLeft(folder.path)).toEqual([]);
  expect(await (await joinRun(out, { retryFailed: true })).done()).toMatchObject({ published: 3, failed: 0 });
});

test('above its memory limit a worker has one file in hand, in a thread that is made anew now and then', async () => {
  const { sources, out } = sourceFiles(70);
  let threads = 0;
  const count = (): void => void (threads += 1);
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  const run = await bulkConvert(sources, out, { ...quick, concurrency: 3, memoryLimit: 1 });
  expect(await run.done()).toMatchObject({ published: 70, isComplete: true });
  expect(threads).toBe(2);
});

test('a worker that ends a run which another has ended meanwhile finds it complete', async () => {
  const { sources, out } = sourceFiles(40);
  const run = await bulkConvert(sources, out, quick);
  await run.done();
  const ending = finish(run.folder);
  // What the other one removes when it has ended the run.
  const attempts = join(run.folder.path, 'tmp');
  const being = (): string[] => readdirSync(attempts).filter((name) => name.startsWith('manifest-'));
  while (being().length === 0) await new Promise(setImmediate);
  for (const name of being()) rmSync(join(attempts, name));
  expect(await ending).toEqual({ published: 40, failed: 0, open: 0 });
  expect(manifest(out)).toHaveLength(41);
});

test('an engine that cannot be joined leaves nothing open', async () => {
  const { sources, out } = sourceFiles(1);
  const before = process.listenerCount('exit');
  const engine: Engine = {
    name: 'away',
    isShared: true,
    owns: () => true,
    join: () => Promise.reject(new Error('away')),
  };
  const run = await bulkConvert(sources, out, { ...quick, engine });
  await expect(run.done()).rejects.toThrow('away');
  expect(process.listenerCount('exit')).toBe(before);
});

test('metrics are served to this machine, as Prometheus reads them', async () => {
  const { sources, out } = sourceFiles(3);
  writeFileSync(join(sources, 'bad.csv'), 'a,b\n1\n');
  const metrics = new Metrics();
  const server = await serveMetrics(metrics, 0);
  onTestFinished(() => server.close());
  await (await bulkConvert(sources, out, { ...quick, attempts: 2, metrics })).done();
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
  const text = await response.text();
  const value = (series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    );
  expect(value('x_fleet_files_total{fate="published"}')).toBe(3);
  expect(value('x_fleet_files_total{fate="failed"}')).toBe(1);
  expect(value('x_fleet_retries_total')).toBe(1);
  expect(value('x_fleet_files_in_hand')).toBe(0);
  expect(value('x_fleet_rows_written_total')).toBe(3);
  expect(value('x_fleet_resident_memory_bytes')).toBeGreaterThan(1e6);
  // Each line is a comment of the two kinds, or a name, labels and a number.
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(?:# (?:HELP|TYPE) x_fleet_\w+ .+|x_fleet_\w+(?:\{\w+="\w+"\})? [\d.e+-]+)$/);
  }
  expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
});

test('a worker of a server works on what is queued there, waits, and leaves when it is drained', async (context) => {
  const { url, command } = await redisServer(context);
  const engine = bullmq({ url, onWarning: () => undefined });
  const [first, second] = [sourceFiles(120), sourceFiles(3)];
  const folder = await detachRun(first.sources, first.out, { ...quick, engine });
  expect(await statusOf(folder)).toEqual({
    files: 120,
    published: 0,
    failed: 0,
    open: 120,
    isFinished: false,
  });
  expect(command('hlen', 'x-fleet:runs')).toBe('1');
  const drain = new AbortController();
  const ended: string[] = [];
  const serving = serveRuns(engine, {
    concurrency: 2,
    drain: drain.signal,
    onResult: ({ folder: { out } }, { isComplete }) => void (isComplete && ended.push(out)),
  });
  await until(() => ended.includes(first.out));
  await detachRun(second.sources, second.out, { ...quick, engine });
  await until(() => ended.includes(second.out));
  drain.abort();
  await serving;
  expect(outputs(first.out)).toHaveLength(120);
  expect(outputs(second.out)).toHaveLength(3);
  expect(existsSync(join(second.out, '_SUCCESS'))).toBe(true);
  expect(command('keys', '*')).toBe('');
});

test('a run that was revoked, or is not to be found, does not keep a worker', async (context) => {
  const { url, command } = await redisServer(context);
  const engine = bullmq({ url, onWarning: () => undefined });
  const { sources, out } = sourceFiles(2);
  await detachRun(sources, out, { ...quick, engine });
  await (await bulkConvert(sources, out, { ...quick, takeover: true, engine: local() })).done();
  command('hset', 'x-fleet:runs', 'run-000001-00', '/not/here');
  const drain = new AbortController();
  const warnings: string[] = [];
  const serving = serveRuns(engine, { drain: drain.signal, onWarning: (warning) => warnings.push(warning) });
  await until(() => warnings.length === 2 && command('hlen', 'x-fleet:runs') === '1');
  drain.abort();
  await serving;
  expect(warnings.toSorted()).toEqual([
    '/not/here: a run is queued for this folder, which is not here',
    `${out}: there is no such run, or it was revoked`,
  ]);
  expect(await statusOf(await findRun(out))).toMatchObject({ published: 2, isFinished: true });
});

const attemptsLeft = (run: string): string[] =>
  readdirSync(join(run, 'tmp'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

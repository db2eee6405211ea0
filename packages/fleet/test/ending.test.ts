import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { detachRun, type Engine, type FleetProgress, joinRun, type Queue } from '@x/fleet';
import { bullmq } from '@x/fleet/bullmq';
import { cancelRun } from '@x/fleet/run-directory';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, onTestFinished, test, type TestContext } from 'vitest';

import { manifest, outputs, quick, sourceFiles } from './files.ts';
import { redisServer } from './redis.ts';

const program = fileURLToPath(new URL('fixtures/finisher.mjs', import.meta.url));
/** Milliseconds; far less than people would use, where a lease has to end. */
const shortLease = 500;
/** As people use it: no pause of this process is as long. */
const longLease = 30_000;
const files = 7;

async function detached(context: TestContext, leaseTime = longLease) {
  const server = await redisServer(context);
  const engine = bullmq({ url: server.url, leaseTime, onWarning: () => undefined });
  const { sources, out } = sourceFiles(files);
  const folder = await detachRun(sources, out, { ...quick, engine });
  return { server, engine, out, folder };
}

/** A worker that has done all of a run and is held at a step of ending it. */
async function heldFinisher(
  step: string,
  out: string,
  url: string,
  leaseTime = longLease,
): Promise<ChildProcess> {
  const worker = fork(program, [out, url, String(leaseTime), step], { execArgv: [...childNodeArgs] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  expect((await once(worker, 'message'))[0]).toEqual({ held: step });
  return worker;
}

/** The engine, as far as `seen` lets it; it is told of each range that is handed out. */
const watched = (engine: Engine, seen: (range: number) => void | Promise<void>): Engine => ({
  ...engine,
  join: async (run, ranges) => {
    const queue: Queue = await engine.join(run, ranges);
    return {
      put: (some) => queue.put(some),
      take: async (signal) => {
        const lease = await queue.take(signal);
        if (lease !== undefined) await seen(lease.range);
        return lease;
      },
      close: (options) => queue.close(options),
    };
  },
});

test('of many workers that find nothing to do one ends the run, and the others wait for it', async (context) => {
  const { server, engine, out } = await detached(context);
  const ends: number[] = [];
  let letEnd = (): void => undefined;
  const mayEnd = new Promise<void>((resolve) => (letEnd = resolve));
  const held = watched(engine, (range) => {
    if (range !== files) return undefined;
    ends.push(range);
    return mayEnd;
  });
  const workers = await Promise.all(
    Array.from({ length: 5 }, () => joinRun(out, { engine: held, enqueue: false, concurrency: 2 })),
  );
  const left: boolean[] = [];
  const all = workers.map(async (worker) => {
    const { isComplete, published } = await worker.done();
    left.push(isComplete && published === files);
  });
  while (ends.length === 0) await new Promise(setImmediate);
  // The others look again some times meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(outputs(out)).toHaveLength(files);
  expect({ left, isEnded: existsSync(join(out, '_SUCCESS')) }).toEqual({ left: [], isEnded: false });
  letEnd();
  await Promise.all(all);
  expect(ends).toEqual([files]);
  expect(left).toEqual([true, true, true, true, true]);
  expect(manifest(out)).toHaveLength(files + 1);
  expect(server.command('keys', '*')).toBe('');
});

const steps = ['taken', 'manifest', 'finished'];

test.for(steps)(
  'a worker killed as it ends the run, at %s, is followed by another',
  async (step, context) => {
    const { server, engine, out, folder } = await detached(context, shortLease);
    const worker = await heldFinisher(step, out, server.url, shortLease);
    expect(existsSync(join(folder.path, 'finished'))).toBe(false);
    const other = await joinRun(out, { engine, enqueue: false, concurrency: 2 });
    worker.kill('SIGKILL');
    expect(await other.done()).toMatchObject({ published: files, open: 0, isComplete: true });
    expect(manifest(out)).toHaveLength(files + 1);
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([]);
    expect(server.command('keys', '*')).toBe('');
  },
);

test.for(steps)(
  'a worker stopped as it ends the run, at %s, does no harm when it wakes',
  async (step, context) => {
    const { server, engine, out } = await detached(context, shortLease);
    const worker = await heldFinisher(step, out, server.url, shortLease);
    worker.kill('SIGSTOP');
    const other = await joinRun(out, { engine, enqueue: false, concurrency: 2 });
    expect(await other.done()).toMatchObject({ published: files, isComplete: true });
    const inodes = outputs(out).map((name) => statSync(join(out, name)).ino);
    const end = once(worker, 'message');
    worker.kill('SIGCONT');
    worker.send('go on');
    expect((await end)[0]).toEqual({ isComplete: true });
    expect(manifest(out)).toHaveLength(files + 1);
    expect(outputs(out).map((name) => statSync(join(out, name)).ino)).toEqual(inodes);
  },
);

test('a queue that is lost before the end is filled again by the one that finds it empty', async (context) => {
  const { server, engine, out } = await detached(context);
  server.command('flushall');
  const workers = await Promise.all(
    Array.from({ length: 3 }, () => joinRun(out, { engine, enqueue: false, concurrency: 1 })),
  );
  for (const result of await Promise.all(workers.map((worker) => worker.done()))) {
    expect(result).toMatchObject({ published: files, isComplete: true });
  }
  expect(manifest(out)).toHaveLength(files + 1);
});

test('whoever works on a run that is cancelled leaves, and nothing on the server', async (context) => {
  const { server, engine, out, folder } = await detached(context);
  const worker = await heldFinisher('taken', out, server.url);
  const other = await joinRun(out, { engine, enqueue: false, concurrency: 2 });
  await cancelRun(folder);
  const [end, exit] = [once(worker, 'message'), once(worker, 'exit')];
  worker.send('go on');
  expect((await end)[0]).toEqual({ failed: 'REVOKED' });
  await exit;
  await expect(other.done()).rejects.toMatchObject({ code: 'REVOKED' });
  expect(server.command('keys', '*')).toBe('');
  expect(existsSync(join(out, '_SUCCESS'))).toBe(false);
});

test('whoever waits for one that ends a run hears from the server that it was cancelled', async (context) => {
  const { server, engine, out, folder } = await detached(context);
  await heldFinisher('taken', out, server.url);
  const other = await joinRun(out, { engine, enqueue: false, concurrency: 2 });
  await cancelRun(folder);
  await engine.forget(folder);
  await expect(other.done()).rejects.toMatchObject({ code: 'REVOKED' });
});

test('how far a run is one hears of others, too', async (context) => {
  const { engine, out } = await detached(context);
  writeFileSync(join(out, '..', 'in', '3.csv'), 'changed');
  let letWork = (): void => undefined;
  const mayWork = new Promise<void>((resolve) => (letWork = resolve));
  const idle = await joinRun(out, { engine: watched(engine, () => mayWork), concurrency: 1 });
  const busy = await joinRun(out, { engine, concurrency: 1 });
  const seen: FleetProgress[] = [];
  for await (const progress of idle.progress()) {
    seen.push(progress);
    // All but the one range that the idle one holds back.
    if (progress.open === 1) letWork();
  }
  expect(seen[0]).toMatchObject({ files, published: 0, open: files });
  expect(seen.find(({ open }) => open === 1)).toMatchObject({ published: files - 2, failed: 1, rowsRead: 0 });
  expect(await busy.done()).toMatchObject({ published: files - 1, failed: 1, isComplete: true });
});

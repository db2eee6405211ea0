import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { type Engine, type Lease, local, shard } from '@x/fleet';
import { bullmq } from '@x/fleet/bullmq';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { describe, expect, onTestFinished, test, type TestContext, vi } from 'vitest';

import { redisServer } from './redis.ts';

const program = fileURLToPath(new URL('fixtures/take.mjs', import.meta.url));
/** Milliseconds; far less than people would use, where a lease has to end. */
const leaseTime = 500;

/** A run as far as engines know one. */
const someRun = () => ({ path: `/runs/run-000001-${randomUUID()}`, number: 1, out: '/runs' });

const engines: Readonly<Record<string, (context: TestContext) => Engine | Promise<Engine>>> = {
  local: () => local(),
  shard: () => shard(0, 1),
  bullmq: async (context) => bullmq({ url: (await redisServer(context)).url, onWarning: () => undefined }),
};

describe.each(Object.entries(engines))('%s', (_name, make) => {
  async function joined(context: TestContext) {
    const engine = await make(context);
    const run = someRun();
    const join = async () => {
      const queue = await engine.join(run, 10);
      onTestFinished(() => queue.close());
      return queue;
    };
    return { engine, join };
  }

  test('every range is handed out, and none when all are done', async (context) => {
    const queue = await (await joined(context)).join();
    await queue.put([0, 1, 2, 3, 4]);
    const taken: number[] = [];
    for (let lease: Lease | undefined; (lease = await queue.take()) !== undefined;) {
      expect(await lease.isHeld()).toBe(true);
      taken.push(lease.range);
      await lease.settle('done');
    }
    expect(taken.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect(await queue.take()).toBeUndefined();
  });

  test('a range that is queued twice is handed out once, and again when it is queued after it was done', async (context) => {
    const queue = await (await joined(context)).join();
    await queue.put([7]);
    await queue.put([7]);
    for (let round = 0; round < 2; round += 1) {
      const lease = await queue.take();
      expect(lease?.range).toBe(7);
      await lease?.settle('done');
      expect(await queue.take()).toBeUndefined();
      await queue.put([7]);
    }
  });

  test('a range that is given back is handed out again', async (context) => {
    const queue = await (await joined(context)).join();
    await queue.put([3]);
    await (await queue.take())?.settle('retry');
    const again = await queue.take();
    expect(again?.range).toBe(3);
    await again?.settle('done');
  });

  test('while others have ranges one waits, for they may be given back', async (context) => {
    const queue = await (await joined(context)).join();
    await queue.put([1]);
    const lease = await queue.take();
    const waiting = queue.take();
    await lease?.settle('retry');
    const again = await waiting;
    expect(again?.range).toBe(1);
    const last = queue.take();
    await again?.settle('done');
    expect(await last).toBeUndefined();
  });

  test('an abort ends the wait', async (context) => {
    const queue = await (await joined(context)).join();
    await queue.put([1]);
    const lease = await queue.take();
    const stop = new AbortController();
    const waiting = queue.take(stop.signal);
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    await lease?.settle('done');
  });
});

test('bullmq: a range of a worker that is stopped goes to another, and the first is told', async (context) => {
  const { url, command } = await redisServer(context);
  const run = someRun();
  const queue = await bullmq({ url, leaseTime, onWarning: () => undefined }).join(run, 1);
  onTestFinished(() => queue.close());
  await queue.put([5]);
  const first = fork(program, [url, JSON.stringify(run), String(leaseTime)], {
    execArgv: [...childNodeArgs],
  });
  onTestFinished(() => void first.kill('SIGKILL'));
  expect((await once(first, 'message'))[0]).toEqual({ taken: 5 });
  first.kill('SIGSTOP');
  const lease = await queue.take();
  expect(lease?.range).toBe(5);
  const end = once(first, 'message');
  first.kill('SIGCONT');
  first.send('go on');
  expect((await end)[0]).toEqual({ isHeld: false, code: 'LEASE_LOST' });
  // What it has said of the range since is of no weight. Whose it is by now is for the speed of this machine to say.
  expect(command('keys', '*:range-5')).not.toBe('');
  await lease?.settle('done');
});

test('bullmq: whoever has heard of its lease lately does not ask again for each file', async (context) => {
  const { url, command } = await redisServer(context);
  const queue = await bullmq({ url, onWarning: () => undefined }).join(someRun(), 1);
  onTestFinished(() => queue.close());
  await queue.put([5]);
  const lease = await queue.take();
  command('config', 'resetstat');
  for (let file = 0; file < 20; file += 1) expect(await lease?.isHeld()).toBe(true);
  expect(command('info', 'commandstats')).not.toContain('evalsha');
});

test('bullmq: whoever has not heard of its lease for long asks before it says that it has it', async (context) => {
  const { url, command } = await redisServer(context);
  const queue = await bullmq({ url, leaseTime, onWarning: () => undefined }).join(someRun(), 1);
  onTestFinished(() => queue.close());
  await queue.put([5]);
  const lease = await queue.take();
  command('flushall');
  // As a worker that is stopped: not even its timers run, and what it asks next is this.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, leaseTime / 2 + 50);
  expect(await lease?.isHeld()).toBe(false);
});

test('bullmq: a server that would lose its queue is refused, unless that is allowed', async (context) => {
  const { url, command } = await redisServer(context, ['--appendonly', 'no']);
  await expect(bullmq({ url }).join(someRun(), 1)).rejects.toMatchObject({
    code: 'BAD_OPTION',
    hint: expect.stringContaining('appendonly yes'),
  });
  command('config', 'set', 'appendonly', 'yes');
  command('config', 'set', 'maxmemory-policy', 'allkeys-lru');
  await expect(bullmq({ url }).join(someRun(), 1)).rejects.toMatchObject({
    hint: expect.stringContaining('noeviction'),
  });
  const queue = await bullmq({ url, allowVolatile: true }).join(someRun(), 1);
  await queue.close();
});

test('bullmq: without a server that it could use the options are refused', () => {
  expect(() => bullmq({ url: 'http://localhost' })).toThrow('cannot be read');
  vi.stubEnv('REDIS_URL', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => bullmq()).toThrow('REDIS_URL');
});

import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';

import { type Engine, type FleetError } from '@x/fleet';
import { bullmq } from '@x/fleet/bullmq';
import { expect, onTestFinished, test } from 'vitest';

import { redisServer } from './redis.ts';

const silent = { onWarning: () => undefined };
const someRun = () => ({ path: `/runs/run-000001-${randomUUID()}`, number: 1, out: '/runs' });
const password = 'p4ss/word?';
/** Milliseconds. */
const hour = 3_600_000;

function withEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    process.env[name] = value;
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

/** What would be seen of an error in a log, with everything that hangs on it. */
const seen = (error: unknown): string =>
  `${inspect(error, { depth: 12, showHidden: true })} ${String(error)}`;

test('a password is taken from the URL or from the environment', async (context) => {
  const { url } = await redisServer(context, ['--appendonly', 'yes', '--requirepass', password]);
  const inUrl = url.replace('//', `//:${encodeURIComponent(password)}@`);
  const joins = async (engine: Engine): Promise<boolean> => {
    const queue = await engine.join(someRun(), 1);
    await queue.put([1]);
    const lease = await queue.take();
    await queue.close();
    return lease !== undefined;
  };
  expect(await joins(bullmq({ url: inUrl, ...silent }))).toBe(true);
  withEnvironment({ REDIS_URL: url, REDIS_PASSWORD: password });
  expect(await joins(bullmq(silent))).toBe(true);
});

test('a wrong password ends it at once, and is not told by the error', async (context) => {
  const { url } = await redisServer(context, ['--appendonly', 'yes', '--requirepass', 'right']);
  const inUrl = url.replace('//', `//:${encodeURIComponent(password)}@`);
  // Who did not end it at once would wait for so long.
  const error = await bullmq({ url: inUrl, connectionTimeout: hour })
    .join(someRun(), 1)
    .catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'ENGINE_LOST', problem: 'the server refuses this worker' });
  expect(((error as FleetError).cause as Error).message).toContain('WRONGPASS');
  withEnvironment({ REDIS_PASSWORD: password });
  const other = await bullmq({ url })
    .join(someRun(), 1)
    .catch((one: unknown) => one);
  for (const one of [error, other]) {
    expect(one).toMatchObject({ code: 'ENGINE_LOST' });
    expect(seen(one)).not.toContain(password);
    expect(seen(one)).not.toContain(encodeURIComponent(password));
  }
});

test('a URL that is none is refused without being shown', () => {
  for (const url of [`http://:${password}@host`, `redis://:${password}@ho st:x`]) {
    let error: unknown;
    try {
      bullmq({ url });
    } catch (one) {
      error = one;
    }
    expect(error).toMatchObject({ code: 'BAD_OPTION' });
    expect(seen(error)).not.toContain('p4ss');
  }
});

test('who waits long for a server is told that they do, and why', async () => {
  // A port that nobody listens on.
  const warnings: string[] = [];
  const onWarning = (warning: string) => void warnings.push(warning);
  const engine = bullmq({ url: 'redis://127.0.0.1:1', connectionTimeout: 4000, onWarning });
  await expect(engine.join(someRun(), 1)).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  expect(warnings).toEqual(['waiting for the server, which does not answer (ECONNREFUSED)']);
});

test('a server that is not there, or goes away, ends the work with the reason', async (context) => {
  const server = await redisServer(context);
  // Long enough for a busy machine to connect in.
  const connectionTimeout = 4000;
  const queue = await bullmq({ url: server.url, connectionTimeout, ...silent }).join(someRun(), 1);
  await queue.put([1, 2]);
  await queue.take();
  await server.kill();
  const away = {
    code: 'ENGINE_LOST',
    problem: expect.stringContaining('has not answered'),
    cause: { code: 'ECONNREFUSED' },
  };
  const absent = {
    code: 'ENGINE_LOST',
    problem: expect.stringContaining('(ECONNREFUSED)'),
    cause: { code: 'ECONNREFUSED' },
  };
  await Promise.all([
    expect(queue.take()).rejects.toMatchObject(away),
    expect(queue.put([3])).rejects.toMatchObject(away),
    expect(
      bullmq({ url: server.url, connectionTimeout, ...silent }).join(someRun(), 1),
    ).rejects.toMatchObject(absent),
  ]);
  await queue.close();
});

test('a server that is killed and comes back is gone on with', async (context) => {
  const server = await redisServer(context, ['--appendonly', 'yes', '--appendfsync', 'always']);
  const queue = await bullmq({ url: server.url, ...silent }).join(someRun(), 2);
  onTestFinished(() => queue.close());
  await queue.put([4]);
  await server.kill();
  const waiting = queue.take();
  await server.start();
  const lease = await waiting;
  expect(lease?.range).toBe(4);
  await lease?.settle('done');
  expect(await queue.take()).toBeUndefined();
});

test('a range that comes to somebody who has left is given back at once', async (context) => {
  const { url } = await redisServer(context);
  const run = someRun();
  const leaver = await bullmq({ url, leaseTime: hour, ...silent }).join(run, 2);
  const other = await bullmq({ url, leaseTime: hour, ...silent }).join(run, 2);
  onTestFinished(() => other.close());
  await leaver.put([6]);
  const stop = new AbortController();
  const asked = leaver.take(stop.signal);
  stop.abort(new Error('stop'));
  await expect(asked).rejects.toThrow('stop');
  await leaver.close();
  // The lease, had it been kept, would last for an hour.
  const lease = await other.take();
  expect(lease?.range).toBe(6);
  await lease?.settle('done');
});

test('what a power cut may take is told, and no more than that', async (context) => {
  const { url, command } = await redisServer(context);
  const warnings: string[] = [];
  const engine = bullmq({ url, onWarning: (warning) => warnings.push(warning) });
  await (await engine.join(someRun(), 1)).close();
  expect(warnings).toEqual([expect.stringContaining('appendfsync everysec')]);
  command('config', 'set', 'appendfsync', 'always');
  await (await engine.join(someRun(), 1)).close();
  expect(warnings).toHaveLength(1);
});

test('of a run that is over the server keeps nothing', async (context) => {
  const { url, command } = await redisServer(context);
  const queue = await bullmq({ url, ...silent }).join(someRun(), 9);
  await queue.put([0, 1, 2]);
  await (await queue.take())?.settle('done');
  expect(command('dbsize')).not.toBe('0');
  await queue.close({ isOver: true });
  expect(command('keys', '*')).toBe('');
});

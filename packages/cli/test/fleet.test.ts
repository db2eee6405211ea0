import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, type TestContext } from 'vitest';

import { start, startPreloaded, test as base } from './command.ts';

const test = base.extend<{ files: string }>({
  files: async ({ folder }, use) => {
    await makeFiles(folder, 3);
    await use(folder);
  },
});

async function makeFiles(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'in'));
  for (let i = 0; i < count; i += 1) await writeFile(join(folder, `in/${i}.csv`), `id\n${i}\n`);
}

const outputsIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.jsonl'));
const bulk = ['bulk', 'in', '-o', 'out', '--to', 'jsonl'] as const;

describe('x bulk as a run', () => {
  test('--engine local converts, publishes a manifest, and is told of by x run', async ({ files, x }) => {
    const { code, stdout, stderr } = await x(...bulk, '--engine', 'local');
    expect(stderr).toMatch(/^3 of 3 files converted in [\d.]+ s\n$/);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(await readFile(join(files, 'out/2.jsonl'), 'utf8')).toBe('{"id":"2"}\n');
    expect(await readFile(join(files, 'out/_SUCCESS'), 'utf8')).toContain('"succeeded":3');
    expect(await x('run', 'status', 'out')).toEqual({
      code: 0,
      stdout: '3 of 3 files converted: run 1 has ended\n',
      stderr: '',
    });
  });

  test('what fails is set aside, with exit code 1, and taken up again when that is asked for', async ({
    files,
    x,
  }) => {
    await writeFile(join(files, 'in/1.csv'), 'id\n1,2\n');
    const { code, stderr } = await x(...bulk, '--engine', 'local', '--attempts', '1');
    expect(stderr).toMatch(
      /^x: a row of 2 cells .*\n {2}at in\/1\.csv:2:3 \(byte 5\)\n.*\n2 of 3 files converted, 1 failed in .*\n {2}_SUCCESS says of each why: out\/_SUCCESS\n$/,
    );
    expect(code).toBe(1);
    const resumed = await x('run', 'resume', 'out', '--retry-failed', '--attempts', '1', '--json');
    expect(resumed.code).toBe(1);
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      run: { number: 1 },
      published: 2,
      failed: 1,
      isComplete: true,
    });
  });

  test('--detach leaves the work to shards, which others finish', async ({ files, shell, x }) => {
    await rm(join(files, 'in'), { recursive: true });
    await makeFiles(files, 5);
    const { stderr } = await x(...bulk, '--detach');
    expect(stderr).toMatch(/^5 files to convert, run 1 of out\n.*x worker --run out --shard 0\/4/);
    expect(await readdir(join(files, 'out'))).toEqual(['.xrun']);
    expect(await x('worker', '--run', 'out', '--shard', '1/2')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/out: 2 of 5 files converted, 3 open in .*, not complete yet\n$/),
    });
    expect((await x('run', 'status', 'out')).stdout).toBe(
      '2 of 5 files converted, 3 open: run 1 has not ended\n',
    );
    const task = await shell('JOB_COMPLETION_INDEX=0 x worker --run out --shards 2');
    expect(task).toMatchObject({ code: 0, stderr: expect.stringContaining('5 of 5 files converted') });
    expect(await outputsIn(files)).toHaveLength(5);
  });

  test('an output folder that a run has is refused, until it is taken over or the run is cancelled', async ({
    files,
    x,
  }) => {
    await x(...bulk, '--detach');
    expect(await x(...bulk, '--engine', 'local')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^x: a run that has not ended .*\n {2}at .*out\n {2}.*--takeover.*\n$/),
    });
    expect(await x(...bulk, '--takeover')).toMatchObject({ code: 0 });
    await x(...bulk, '--detach');
    expect(await x('run', 'cancel', 'out')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('run 3'),
    });
    expect(await x('worker', '--run', 'out', '--shard', '0/1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('was cancelled'),
    });
    expect(await x(...bulk, '--engine', 'local')).toMatchObject({ code: 0 });
    expect((await x('run', 'gc', 'out')).stdout.split('\n').filter(Boolean).length).toBeGreaterThan(3);
    expect((await readdir(join(files, 'out/.xrun'))).toSorted()).toEqual([
      'claim-000004',
      expect.stringMatching(/^run-000004-/),
    ]);
  });

  test('x run verify finds what is not as it was published', async ({ files, x }) => {
    await x(...bulk, '--engine', 'local');
    expect(await x('run', 'verify', 'out')).toMatchObject({ code: 0, stdout: '' });
    await unlink(join(files, 'out/0.jsonl'));
    await unlink(join(files, 'out/1.jsonl'));
    await writeFile(join(files, 'out/1.jsonl'), '{"id":"1"}\n');
    await writeFile(join(files, 'out/2.jsonl'), 'longer than it was\n', { flag: 'r+' });
    expect(await x('run', 'verify', 'out')).toMatchObject({
      code: 1,
      stdout: 'missing  out/0.jsonl\nreplaced  out/1.jsonl\nchanged  out/2.jsonl\n',
      stderr: expect.stringMatching(/missing or replaced\n.*--redo-changed makes anew/),
    });
    await x('run', 'resume', 'out');
    // One byte, as many as there were.
    await writeFile(join(files, 'out/0.jsonl'), '{"id":"9"}\n', { flag: 'r+' });
    const found = await x('run', 'verify', 'out');
    expect(found.stdout).toBe('changed  out/0.jsonl\nchanged  out/2.jsonl\n');
    expect(found.stderr).not.toContain('missing or replaced');
    expect(await x('run', 'resume', 'out', '--redo-changed')).toMatchObject({ code: 0 });
    expect(await x('run', 'verify', 'out')).toMatchObject({ code: 0, stdout: '' });
    expect(await readFile(join(files, 'out/0.jsonl'), 'utf8')).toBe('{"id":"0"}\n');
    expect(await readFile(join(files, 'out/2.jsonl'), 'utf8')).toBe('{"id":"2"}\n');
  });

  test('what a run does in its own way is refused with it', async ({ files, x }) => {
    for (const option of ['--stop-on-error', '--no-atomic', '--manifest=m', '--durability=none']) {
      const { code, stderr } = await x(...bulk, '--engine', 'local', option);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(option.split('=')[0]!) });
    }
    expect(await readdir(files)).toEqual(['in']);
    expect(await x('worker')).toMatchObject({ code: 2 });
    expect(await x('worker', '--run', 'out', '--shard', '4/4')).toMatchObject({ code: 2 });
    expect(await x('worker', '--run', 'out')).toMatchObject({ code: 2 });
  });

  test('without its package the command to install is told', async ({ files, shell }) => {
    const hook = `export function resolve(name, context, next) {
      if (name !== '@x/fleet') return next(name, context);
      throw Object.assign(new Error("Cannot find package '@x/fleet'"), { code: 'ERR_MODULE_NOT_FOUND' });
    }`;
    const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
    await writeFile(
      join(files, 'hook.mjs'),
      `import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`,
    );
    const { code, stderr } = await shell(
      `NODE_OPTIONS='--import ./hook.mjs' x ${bulk.join(' ')} --engine local`,
    );
    expect(stderr).toMatch(
      /^x: work on runs needs @x\/fleet, which is not installed\n {2}npm install @x\/fleet/,
    );
    expect(code).toBe(1);
  });
});

test('x doctor says of a folder that is fit for runs that it is', async ({ files, x }) => {
  const { code, stdout } = await x('doctor', 'in');
  expect(stdout).toMatch(/^(?:yes {2}.+\n){6}$/);
  expect(code).toBe(0);
  expect(await readdir(join(files, 'in'))).toEqual(['0.csv', '1.csv', '2.csv']);
});

test('on SIGTERM a worker publishes what it has in hand and ends with 143', async ({ folder, x }) => {
  await makeFiles(folder, 40);
  await x(...bulk, '--detach');
  const preloaded = { file: 'end-itself.mjs', told: { END_BY: 'SIGTERM', END_AFTER: '3' } };
  const words = ['worker', '--run', 'out', '--shard', '0/1', '-j', '1'];
  expect(await startPreloaded(preloaded, folder, ...words).ended).toMatchObject({
    code: 143,
    stderr: expect.stringMatching(/x: interrupted by SIGTERM\n {2}what it had in hand is published/),
  });
  const { stdout } = await x('run', 'status', 'out', '--json');
  const { published, open } = JSON.parse(stdout) as { readonly published: number; readonly open: number };
  expect(open).toBeGreaterThan(0);
  expect(await outputsIn(folder)).toHaveLength(published);
});

describe('on a server', () => {
  const password = 'p4ss-w0rd';

  test('a run is queued, worked on and forgotten, and its password is never shown', async ({
    files,
    shell,
    x,
    skip,
  }) => {
    const port = await redisServer(skip, files, password);
    const url = `redis://:${password}@127.0.0.1:${port}`;
    const said: string[] = [];
    const run = async (...words: readonly string[]) => {
      const ended = await x(...words);
      said.push(ended.stdout, ended.stderr);
      return ended;
    };
    expect(await run(...bulk, '--engine', url, '--detach')).toMatchObject({ code: 0 });
    const { child, ended } = start(files, 'worker', '--engine', url, '--metrics', '0', '--debug');
    while (!(await isThere(join(files, 'out/_SUCCESS')))) await wait(20);
    child.kill('SIGTERM');
    const worker = await ended;
    said.push(worker.stdout, worker.stderr);
    expect(worker.code).toBe(143);
    expect(worker.stderr).toMatch(/figures at http:\/\/127\.0\.0\.1:\d+\/metrics\n/);
    expect(worker.stderr).toMatch(/out: 3 of 3 files converted in/);
    await run('run', 'status', 'out', '--json');
    await rm(join(files, 'out'), { recursive: true });
    expect(await run(...bulk, '--engine', url)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('3 of 3'),
    });
    // A server that says no, one that is not there, and an engine that is none.
    const wrong = url.replace('p4ss', 'P4ss');
    for (const debug of [[], ['--debug'], ['--json']]) {
      expect(await run('worker', '--engine', wrong, ...debug)).toMatchObject({ code: 1 });
      expect(await run('worker', '--engine', url.replace('redis:', 'http:'), ...debug)).toMatchObject({
        code: 2,
      });
    }
    // Nothing is written down that nobody could hand out.
    const refused = await run('bulk', 'in', '-o', 'other', '--to', 'jsonl', '--engine', wrong, '--detach');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/refuses[^]*user and password/) });
    expect(await isThere(join(files, 'other'))).toBe(false);
    const unreadable = await run('worker', '--engine', `redis://:${password}/@127.0.0.1:${port}`);
    expect(unreadable).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot be read[^]*%2F/) });
    const byVariables = await shell(
      `REDIS_URL=redis://127.0.0.1:${port} REDIS_PASSWORD=${password} x run resume out --engine redis`,
    );
    expect(byVariables).toMatchObject({ code: 0 });
    said.push(byVariables.stderr);
    expect(said.join('')).not.toMatch(/p4ss-w0rd/i);
    const left = execFileSync('redis-cli', ['-p', port, '-a', password, '--no-auth-warning', 'dbsize']);
    expect(String(left).trim()).toBe('0');
  });

  test('a worker whose reader has gone goes on with the runs, and ends quietly', async ({
    files,
    x,
    skip,
  }) => {
    const port = await redisServer(skip, files, password);
    const url = `redis://:${password}@127.0.0.1:${port}`;
    const { child, ended } = start(files, 'worker', '--engine', url, '--json');
    // That this test reads no more is what it is about.
    ended.catch(() => undefined);
    child.stdout!.destroy();
    const exited = once(child, 'exit');
    for (const out of ['one', 'other']) {
      await x('bulk', 'in', '-o', out, '--to', 'jsonl', '--engine', url, '--detach');
      while (child.exitCode === null && !(await isThere(join(files, out, '_SUCCESS')))) await wait(20);
      expect(child.exitCode).toBeNull();
    }
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  test('of a cancelled run a server that can be reached forgets the queue', async ({ files, x, skip }) => {
    const port = await redisServer(skip, files, password);
    const url = `redis://:${password}@127.0.0.1:${port}`;
    const kept = () =>
      Number(execFileSync('redis-cli', ['-p', port, '-a', password, '--no-auth-warning', 'dbsize']));
    await x(...bulk, '--engine', url, '--detach');
    expect(kept()).toBeGreaterThan(2);
    expect(await x('run', 'cancel', 'out', '--engine', 'nothing')).toMatchObject({ code: 2 });
    expect(await x('run', 'cancel', 'out', '--engine', url)).toMatchObject({ code: 0, stdout: '' });
    expect(kept()).toBe(0);
    await x(...bulk, '--engine', url, '--detach');
    const unreached = await x('run', 'cancel', 'out', '--engine', url.replace('p4ss', 'P4ss'));
    expect(unreached).toMatchObject({ code: 0, stderr: expect.stringContaining('has kept what it has') });
    expect(unreached.stderr).not.toContain('P4ss');
    expect(await x('run', 'status', 'out')).toMatchObject({ code: 1 });
  });
});

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function redisServer(skip: TestContext['skip'], folder: string, password: string): Promise<string> {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    skip('needs redis-server (Debian: apt-get install redis-server)');
  }
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const port = String((probe.address() as AddressInfo).port);
  probe.close();
  const words = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', ''];
  const server = spawn('redis-server', [...words, '--requirepass', password], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept')) return port;
  throw new Error('redis-server has ended');
}

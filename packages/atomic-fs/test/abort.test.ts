import fs from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';

import { createWriteStream, open, replace, writeFile, writeFileSync } from '@x/atomic-fs';
import { type CallName, intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing } from './host.ts';

const makeTarget = (): string => {
  const target = path.join(makeDirectory(), 'out.csv');
  fs.writeFileSync(target, 'old');
  return target;
};

const expectUntouched = (target: string): void => {
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
};

const reason = new Error('not needed any more');

test('an aborted signal prevents every call before it touches the disk', async () => {
  const target = makeTarget();
  const signal = AbortSignal.abort(reason);
  const aborted = { code: 'ABORT_ERR', name: 'AbortError', cause: reason, committed: false };
  await expect(writeFile(target, 'new', { signal })).rejects.toMatchObject(aborted);
  await expect(open(target, { signal })).rejects.toMatchObject(aborted);
  await expect(replace(target, `${target}.2`, { signal })).rejects.toMatchObject(aborted);
  expect(() => writeFileSync(target, 'new', { signal })).toThrow(expect.objectContaining(aborted));
  const stream = createWriteStream(target, { signal });
  await expect(new Promise((_resolve, reject) => stream.on('error', reject))).rejects.toMatchObject(aborted);
  expectUntouched(target);
});

test.each<CallName>(['lstat', 'open', 'fstat', 'write', 'fchmod', 'fsync', 'close'])(
  'an abort during %s discards',
  async (stage) => {
    const target = makeTarget();
    const controller = new AbortController();
    const host = intercept(nodeHost, ({ name, proceed }) => {
      if (name === stage) controller.abort(reason);
      return proceed();
    });
    const options = withHost(host, { signal: controller.signal });
    const data = [Buffer.alloc(100_000), Buffer.alloc(100_000)];
    await expect(writeFile(target, data, options)).rejects.toMatchObject({
      code: 'ABORT_ERR',
      cause: reason,
    });
    expectUntouched(target);
  },
);

test('an abort after the rename is too late', async () => {
  const target = makeTarget();
  const controller = new AbortController();
  const host = intercept(nodeHost, async ({ name, proceed }) => {
    const given = await proceed();
    if (name === 'rename') controller.abort();
    return given;
  });
  await writeFile(target, 'new', withHost(host, { signal: controller.signal }));
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
});

test('an abort while the source is silent rejects at once and ends the source', async () => {
  const target = makeTarget();
  const controller = new AbortController();
  let returned = false;
  const source: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        setImmediate(() => controller.abort(reason));
        return new Promise(() => undefined);
      },
      return: async () => {
        returned = true;
        return { done: true, value: undefined };
      },
    }),
  };
  await expect(writeFile(target, source, { signal: controller.signal })).rejects.toMatchObject({
    code: 'ABORT_ERR',
    cause: reason,
  });
  expect(returned).toBe(true);
  expectUntouched(target);
});

test.each([
  ['a Readable', () => new PassThrough()],
  ['a web stream', () => new ReadableStream<string>()],
])('an abort while %s is silent rejects at once', async (_name, makeSource) => {
  const target = makeTarget();
  const controller = new AbortController();
  const file = await open(target, { signal: controller.signal });
  const writing = file.writeAll(makeSource());
  setImmediate(() => controller.abort(reason));
  await expect(writing).rejects.toMatchObject({ code: 'ABORT_ERR', cause: reason });
  expectUntouched(target);
});

test('an abort during the wait for another try ends the wait', async () => {
  const target = makeTarget();
  const controller = new AbortController();
  const busy = failing({ rename: Array.from({ length: 1000 }, () => ({ throws: 'EBUSY' })) });
  const options = { ...busy, retryTimeout: 3_600_000, signal: controller.signal };
  setTimeout(() => controller.abort(reason), 20);
  await expect(writeFile(target, 'new', options)).rejects.toMatchObject({ code: 'ABORT_ERR', cause: reason });
  expectUntouched(target);
});

test('an aborted stream is destroyed and discards', async () => {
  const target = makeTarget();
  const controller = new AbortController();
  const stream = createWriteStream(target, { signal: controller.signal });
  stream.write('half');
  stream.once('ready', () => controller.abort(reason));
  await expect(new Promise((_resolve, reject) => stream.on('error', reject))).rejects.toMatchObject({
    code: 'ABORT_ERR',
    committed: false,
  });
  expectUntouched(target);
});

import fs from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import { open, writeFile, writeFileSync } from '@x/atomic-fs';
import { intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
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
  expect(fs.readdirSync(path.dirname(target))).toEqual([path.basename(target)]);
};

const failure = new Error('the source broke');

async function* breaking(): AsyncGenerator<string> {
  yield 'first\n';
  throw failure;
}

test.each([
  ['an async generator', breaking],
  ['a Readable', () => Readable.from(breaking())],
  ['a web stream', () => Readable.toWeb(Readable.from(breaking()))],
  [
    'a synchronous generator',
    function* broken(): Generator<string> {
      yield 'first\n';
      throw failure;
    },
  ],
])('the error of %s comes through as it is, and no temp stays', async (_name, makeSource) => {
  const target = makeTarget();
  await expect(writeFile(target, makeSource())).rejects.toBe(failure);
  expectUntouched(target);

  const file = await open(target);
  await expect(file.writeAll(makeSource())).rejects.toBe(failure);
  expectUntouched(target);
  await expect(file.commit()).rejects.toBe(failure);
  await expect(file.write('more')).rejects.toBe(failure);
  expectUntouched(target);
});

test('the error of an iterable comes through the blocking form as it is', () => {
  const target = makeTarget();
  function* broken(): Generator<string> {
    yield 'first\n';
    throw failure;
  }
  expect(() => writeFileSync(target, broken())).toThrow(failure);
  expectUntouched(target);
});

test('a stream that fails while the file is being opened does not end the process', async () => {
  const target = makeTarget();
  const source = fs.createReadStream(path.join(path.dirname(target), 'missing'));
  await expect(writeFile(target, source)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
  expectUntouched(target);
});

test('a stream that is destroyed before its end is an error, not an end', async () => {
  const target = makeTarget();
  const source = new PassThrough();
  source.write('half');
  setImmediate(() => source.destroy());
  await expect(writeFile(target, source)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  expectUntouched(target);
});

test('a source is ended when the file cannot be opened or written', async () => {
  const directory = makeDirectory();
  const silent = new PassThrough();
  await expect(writeFile(directory, silent)).rejects.toMatchObject({ code: 'EISDIR' });
  expect(silent.destroyed).toBe(true);
  let canceled = false;
  const silentWeb = new ReadableStream<string>({ cancel: () => void (canceled = true) });
  await expect(writeFile(directory, silentWeb)).rejects.toMatchObject({ code: 'EISDIR' });
  expect(canceled).toBe(true);

  let ended = false;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(100_000);
    } finally {
      ended = true;
    }
  }
  const target = makeTarget();
  await expect(
    writeFile(target, watched(), failing({ write: [{ throws: 'ENOSPC' }] })),
  ).rejects.toMatchObject({
    code: 'ENOSPC',
    syscall: 'write',
  });
  expect(ended).toBe(true);
  expectUntouched(target);
});

test('a source is asked for no more than can be written', async () => {
  const target = makeTarget();
  let given = 0;
  let largestLead = 0;
  const file = await open(target);
  async function* watched(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 20; i++) {
      // oxlint-disable-next-line no-await-in-loop
      const { size } = await file.handle.stat();
      largestLead = Math.max(largestLead, given - size);
      given += 1_000_000;
      yield Buffer.alloc(1_000_000);
    }
  }
  await file.writeAll(watched());
  await file.commit();
  expect(fs.statSync(target).size).toBe(20_000_000);
  expect(largestLead).toBeLessThanOrEqual(1_000_000);
});

test('the source works on while the disk does', async () => {
  const target = makeTarget();
  const events: string[] = [];
  const host = intercept(nodeHost, async ({ name, proceed }) => {
    if (name !== 'write') return proceed();
    events.push('write begins');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    events.push('write ends');
    return proceed();
  });
  async function* telling(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 20; i++) {
      events.push('read');
      yield Buffer.alloc(100_000, i);
    }
  }
  await writeFile(target, telling(), withHost(host, {}));
  expect(events.join(', ')).toContain('write begins, read');
  expect(fs.readFileSync(target)).toEqual(
    Buffer.concat(Array.from({ length: 20 }, (_, i) => Buffer.alloc(100_000, i))),
  );
});

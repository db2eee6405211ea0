import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { createWriteStream, open } from '@x/atomic-fs';
import { intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing } from './host.ts';

const makeTarget = (): string => {
  const target = path.join(makeDirectory(), 'out.csv');
  fs.writeFileSync(target, 'old');
  return target;
};

const read = (file: string): string => fs.readFileSync(file, 'utf8');
const listed = (target: string): string[] => fs.readdirSync(path.dirname(target));

test('finish means that the file is published, and close that nothing is left to do', async () => {
  const target = makeTarget();
  const events: string[] = [];
  const stream = createWriteStream(target);
  expect(stream).toMatchObject({ path: target, pending: true, bytesWritten: 0, tempPath: undefined });
  stream.on('open', () => events.push(`open ${read(target)}`));
  stream.on('ready', () => events.push(`ready ${stream.tempPath}`));
  stream.on('finish', () => events.push(`finish ${read(target)} ${listed(target).join(' ')}`));
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject).on('close', resolve);
    stream.write('new ');
    stream.end('content');
  });
  expect(events).toEqual(['open old', `ready ${target}.tmp`, 'finish new content out.csv']);
  expect(stream).toMatchObject({ bytesWritten: 11, pending: false, destroyed: true });
});

test('pipeline ends when the file is published', async () => {
  const target = makeTarget();
  await pipeline(Readable.from(['a', 'b', 'c']), createWriteStream(target));
  expect(read(target)).toBe('abc');
  await pipeline(Readable.from([]), createWriteStream(target));
  expect(read(target)).toBe('');
});

test('a failing source discards', async () => {
  const target = makeTarget();
  async function* breaking(): AsyncGenerator<string> {
    yield 'half';
    throw new Error('the source broke');
  }
  await expect(pipeline(Readable.from(breaking()), createWriteStream(target))).rejects.toThrow(
    'the source broke',
  );
  expect(read(target)).toBe('old');
  expect(listed(target)).toEqual(['out.csv']);
});

test.each([
  ['before it is open', (stream: NodeJS.WritableStream) => stream],
  ['with a write on its way', (stream: NodeJS.WritableStream) => void stream.write(Buffer.alloc(1_000_000))],
])('destroy discards %s', async (_when, prepare) => {
  const target = makeTarget();
  const stream = createWriteStream(target);
  prepare(stream);
  const closed = new Promise((resolve) => stream.on('close', resolve));
  stream.destroy();
  await closed;
  expect(read(target)).toBe('old');
  expect(listed(target)).toEqual(['out.csv']);
});

test('destroy after open discards, and its error is emitted', async () => {
  const target = makeTarget();
  const stream = createWriteStream(target);
  await new Promise((resolve) => stream.on('ready', resolve));
  stream.write('half');
  const failed = new Promise((resolve) => stream.on('error', resolve));
  const reason = new Error('changed my mind');
  stream.destroy(reason);
  expect(await failed).toBe(reason);
  expect(read(target)).toBe('old');
  expect(listed(target)).toEqual(['out.csv']);
});

test.each(['open', 'write', 'fsync', 'rename'] as const)(
  'a failure of %s is an error event',
  async (call) => {
    const target = makeTarget();
    const stream = createWriteStream(target, failing({ [call]: [{ throws: 'EIO' }] }));
    const failed = new Promise((resolve) => stream.on('error', resolve));
    stream.end('new');
    expect(await failed).toMatchObject({ code: 'EIO', syscall: call, path: target, committed: false });
    await new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.on('close', resolve)));
    expect(read(target)).toBe('old');
    expect(listed(target)).toEqual(['out.csv']);
  },
);

test('backpressure: while the disk is slow write() returns false, and drain comes after', async () => {
  const target = makeTarget();
  const disk = new EventEmitter();
  const host = intercept(nodeHost, async ({ name, proceed }) => {
    if (name === 'write') {
      disk.emit('write');
      await once(disk, 'go');
    }
    return proceed();
  });
  const stream = createWriteStream(target, { ...withHost(host, {}), highWaterMark: 1000 });
  await once(stream, 'ready');
  const writing = once(disk, 'write');
  expect(stream.write(Buffer.alloc(600))).toBe(true);
  expect(stream.write(Buffer.alloc(600))).toBe(false);
  await writing;
  expect(stream.writableNeedDrain).toBe(true);
  const drained = once(stream, 'drain');
  const writingAgain = once(disk, 'write');
  disk.emit('go');
  await writingAgain;
  expect(stream.writableNeedDrain).toBe(true);
  disk.emit('go');
  await drained;
  stream.end();
  await once(stream, 'finish');
  expect(fs.statSync(target).size).toBe(1200);
});

test('many small writes are gathered, and a short one is continued', async () => {
  const target = makeTarget();
  const calls: string[] = [];
  let isFirst = true;
  const host = intercept(nodeHost, ({ name, args, proceed }) => {
    if (name === 'write' || name === 'writev') calls.push(name);
    const [fd, buffers] = args;
    if (name === 'writev' && isFirst && typeof fd === 'number' && Array.isArray(buffers)) {
      isFirst = false;
      // Ends in the middle of the second buffer.
      return fs.writeSync(fd, Buffer.concat(buffers).subarray(0, 10));
    }
    return proceed();
  });
  const stream = createWriteStream(target, withHost(host, {}));
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}\n`);
  for (const line of lines) stream.write(line);
  await new Promise((resolve, reject) => stream.on('error', reject).on('finish', resolve).end());
  expect(read(target)).toBe(lines.join(''));
  expect(calls).toEqual(['writev', 'writev']);
});

test('strings are encoded as the options or the call say', async () => {
  const target = makeTarget();
  const stream = createWriteStream(target, 'latin1');
  stream.write('é');
  stream.write('c3a9', 'hex');
  await new Promise((resolve, reject) => stream.on('error', reject).on('finish', resolve).end());
  expect([...fs.readFileSync(target)]).toEqual([0xe9, 0xc3, 0xa9]);
});

test('close() ends the stream and calls back', async () => {
  const target = makeTarget();
  const stream = createWriteStream(target);
  stream.write('new');
  await new Promise<void>((resolve) => stream.close(() => resolve()));
  expect(read(target)).toBe('new');
  await new Promise<void>((resolve) => stream.close(() => resolve()));
});

test('the stream of an open file does not commit it', async () => {
  const target = makeTarget();
  const file = await open(target);
  await file.write('1,');
  await pipeline(Readable.from(['2,', '3,']), file.createWriteStream());
  await file.write('4');
  expect(read(target)).toBe('old');
  await file.commit();
  expect(read(target)).toBe('1,2,3,4');
});

test('an open file whose stream broke cannot be committed', async () => {
  const target = makeTarget();
  const file = await open(target);
  const source = new PassThrough();
  source.write('half');
  setImmediate(() => source.destroy(new Error('the source broke')));
  await expect(pipeline(source, file.createWriteStream())).rejects.toThrow('the source broke');
  await expect(file.commit()).rejects.toThrow('the source broke');
  expect(read(target)).toBe('old');
  expect(listed(target)).toEqual(['out.csv']);
});

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { createWriteStream, open, replace, symlink, writeFile, writeFileSync } from '@x/atomic-fs';
import { type TestContext, expect, test } from 'vitest';

import { printedOn, resultOf, runFixture, startFixture } from './child.ts';
import { makeDirectory } from './directory.ts';
import { recording } from './host.ts';
import { makePipe } from './system.ts';

const isLinux = process.platform === 'linux';

function needLinux(context: TestContext): void {
  if (!isLinux) context.skip('needs the device files and /proc of Linux');
}

test('a FIFO takes the bytes and stays a FIFO', async (context) => {
  const pipe = path.join(makeDirectory(), 'pipe');
  makePipe(context, pipe);
  const read = fs.promises.readFile(pipe, 'utf8');
  await writeFile(pipe, ['through ', 'the pipe']);
  expect(await read).toBe('through the pipe');
  expect(fs.lstatSync(pipe).isFIFO()).toBe(true);
  expect(fs.readdirSync(path.dirname(pipe))).toEqual(['pipe']);
});

test('a FIFO behind a link, as AtomicFile and as stream', async (context) => {
  const pipe = path.join(makeDirectory(), 'pipe');
  makePipe(context, pipe);
  const link = `${pipe}-link`;
  fs.symlinkSync('pipe', link);
  const first = fs.promises.readFile(pipe, 'utf8');
  const file = await open(link);
  expect(file.tempPath).toBe(pipe);
  await file.write('one');
  await file.commit();
  expect(await first).toBe('one');
  const second = fs.promises.readFile(pipe, 'utf8');
  const stream = createWriteStream(link);
  await new Promise((resolve, reject) => stream.on('error', reject).on('finish', resolve).end('two'));
  expect(await second).toBe('two');
  expect(fs.lstatSync(pipe).isFIFO()).toBe(true);
});

test('/dev/null stays what it is, and /dev/full tells that it is full', async (context) => {
  needLinux(context);
  await writeFile('/dev/null', 'gone');
  writeFileSync('/dev/null', 'gone');
  expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
  await expect(writeFile('/dev/full', 'x')).rejects.toMatchObject({
    code: 'ENOSPC',
    syscall: 'write',
    tempPath: undefined,
    committed: false,
  });
  expect(fs.readdirSync('/dev').filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('special files are not replaced by replace() or symlink() either', async (context) => {
  const pipe = path.join(makeDirectory(), 'pipe');
  makePipe(context, pipe);
  fs.writeFileSync(`${pipe}-new`, 'new');
  await expect(replace(`${pipe}-new`, pipe)).rejects.toMatchObject({ code: 'ENOTSUP', path: pipe });
  await expect(symlink('anything', pipe)).rejects.toMatchObject({ code: 'ENOTSUP', path: pipe });
  expect(fs.lstatSync(pipe).isFIFO()).toBe(true);
});

test('a socket cannot be opened, and stays', async (context) => {
  needLinux(context);
  const address = path.join(makeDirectory(), 'socket');
  const server = net.createServer().listen(address);
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(writeFile(address, 'x')).rejects.toMatchObject({ code: 'ENXIO', syscall: 'open' });
    expect(fs.lstatSync(address).isSocket()).toBe(true);
  } finally {
    server.close();
  }
});

test('a file under /proc says "regular file", and is written as it is', async (context) => {
  needLinux(context);
  const file = '/proc/self/comm';
  const before = fs.readFileSync(file, 'utf8');
  const { calls, options } = recording();
  await writeFile(file, 'renamed', options());
  expect(fs.readFileSync(file, 'utf8')).toBe('renamed\n');
  expect(calls.filter((call) => call.startsWith('rename'))).toEqual([]);
  fs.writeFileSync(file, before.trim());
});

const stdoutNames = ['/dev/stdout', '/dev/fd/1', ...(isLinux ? ['/proc/self/fd/1'] : [])];
const printedLines = stdoutNames.map((name) => `${name}\nasync\nsync\nstream\n`).join('');

test('standard output that is piped, by all of its names', async () => {
  const result = await runFixture('print.mjs', stdoutNames);
  expect(result).toMatchObject({ code: 0, stdout: printedLines, stderr: '' });
});

test('standard output redirected to a file, by all of its names', async () => {
  const directory = makeDirectory();
  const output = path.join(directory, 'output');
  fs.writeFileSync(output, 'kept\n');
  const { ino } = fs.statSync(output);
  const fd = fs.openSync(output, 'a');
  const child = startFixture('print.mjs', stdoutNames, fd);
  fs.closeSync(fd);
  expect(await resultOf(child)).toMatchObject({ code: 0, stderr: '' });
  expect(fs.readFileSync(output, 'utf8')).toBe(`kept\n${printedLines}`);
  expect(fs.statSync(output).ino).toBe(ino);
  expect(fs.readdirSync(directory)).toEqual(['output']);
});

test('a pipe that is full for a while gets everything', async () => {
  const child = startFixture('flood.mjs', []);
  const hash = createHash('sha256');
  let length = 0;
  // Nothing is read before the pipe is full.
  await printedOn(child.stderr, 'full');
  for await (const chunk of child.stdout ?? []) {
    hash.update(chunk);
    length += chunk.length;
  }
  const expected = Buffer.alloc(3_000_000, 'flood ');
  expect(length).toBe(expected.length * 2);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(expected).update(expected).digest('hex'));
});

test('the handle of a descriptor that was open before is refused', async () => {
  const file = await open('/dev/stdout');
  expect(() => file.handle).toThrow(expect.objectContaining({ code: 'ENOTSUP' }));
  await file.discard();
});

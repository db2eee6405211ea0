import fs from 'node:fs';
import path from 'node:path';

import { AtomicWriteError, open, writeFile, writeFileSync } from '@x/atomic-fs';
import { expect, test } from 'vitest';

import { failing, recording } from './host.ts';
import { makeDirectory } from './directory.ts';

test('the steps are made in the right order, sync and async alike', async () => {
  const target = path.join(makeDirectory(), 'out.csv');
  fs.writeFileSync(target, 'old');
  fs.chmodSync(target, 0o640);
  const order = [
    'lstat out.csv',
    'open out.csv.tmp wx 1600',
    'fstat',
    'write',
    'fchmod 640',
    'fsync',
    'open . 0 0',
    'close',
    'lstat out.csv.tmp',
    'rename out.csv.tmp out.csv',
    'fsync',
    'close',
  ];
  const asynchronous = recording();
  await writeFile(target, 'new', asynchronous.options());
  expect(asynchronous.calls).toEqual(order);

  const blocking = recording();
  writeFileSync(target, 'newer', blocking.options());
  expect(blocking.calls).toEqual(order);
  expect(fs.readFileSync(target, 'utf8')).toBe('newer');
});

test('a short write is continued, and its error is raised instead of publishing a part', async () => {
  const directory = makeDirectory();
  const target = path.join(directory, 'out.csv');
  fs.writeFileSync(target, 'old');
  const options = failing({ write: [{ returns: 2 }, { throws: 'ENOSPC' }] });
  const failure = await writeFile(target, 'new content', options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AtomicWriteError);
  expect(failure).toMatchObject({ code: 'ENOSPC', syscall: 'write', path: target, committed: false });
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(fs.readdirSync(directory)).toEqual(['out.csv']);
});

test('an open file is private and beside its target until it is committed', async () => {
  const directory = makeDirectory();
  const target = path.join(directory, 'out.csv');
  const file = await open(target);
  expect(file.tempPath).toBe(`${target}.tmp`);
  expect((await file.handle.stat()).mode & 0o777).toBe(0o600);
  await file.write('a,b\n');
  await file.writeAll([Buffer.from('1,2\n'), '3,4\n']);
  expect(fs.existsSync(target)).toBe(false);
  await file.commit();
  expect(fs.readFileSync(target, 'utf8')).toBe('a,b\n1,2\n3,4\n');
  expect(fs.readdirSync(directory)).toEqual(['out.csv']);
});

test('a discarded file leaves nothing', async () => {
  const directory = makeDirectory();
  const file = await open(path.join(directory, 'out.csv'));
  await file.write('half');
  await file[Symbol.asyncDispose]();
  expect(fs.readdirSync(directory)).toEqual([]);
  await expect(file.commit()).rejects.toMatchObject({ code: 'CLOSED' });
});

import fs from 'node:fs';
import path from 'node:path';

import { replace, replaceSync } from '@x/atomic-fs';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing, recording } from './host.ts';

const read = (file: string): string => fs.readFileSync(file, 'utf8');

function makePair(): { from: string; to: string; directory: string } {
  const directory = makeDirectory();
  const [from, to] = [path.join(directory, 'from'), path.join(directory, 'to')];
  fs.writeFileSync(from, 'new');
  fs.writeFileSync(to, 'old');
  return { from, to, directory };
}

test.each([
  ['full', ['open from 0 0', 'fsync', 'close', 'rename from to', 'open . 0 0', 'fsync', 'close']],
  ['data', ['open from 0 0', 'fsync', 'close', 'rename from to']],
  ['none', ['rename from to']],
] as const)('one file takes the place of another, durability %s', async (durability, steps) => {
  const changing = (calls: string[]): string[] => calls.filter((call) => !call.startsWith('lstat'));
  const { from, to, directory } = makePair();
  const asynchronous = recording();
  await replace(from, to, asynchronous.options({ durability }));
  expect(changing(asynchronous.calls)).toEqual(steps);
  expect(read(to)).toBe('new');
  expect(fs.readdirSync(directory)).toEqual(['to']);

  fs.writeFileSync(from, 'newer');
  const blocking = recording();
  replaceSync(from, to, blocking.options({ durability }));
  expect(changing(blocking.calls)).toEqual(steps);
  expect(read(to)).toBe('newer');
});

test('both directories are synced', async () => {
  const { from, directory } = makePair();
  fs.mkdirSync(path.join(directory, 'below'));
  const { calls, options } = recording();
  await replace(from, path.join(directory, 'below', 'to'), options());
  expect(calls.filter((call) => call.startsWith('open'))).toEqual([
    'open from 0 0',
    'open below 0 0',
    'open . 0 0',
  ]);
});

test('two names of one file become one', async () => {
  const { from, to, directory } = makePair();
  fs.rmSync(to);
  fs.linkSync(from, to);
  await replace(from, to);
  expect(fs.readdirSync(directory)).toEqual(['to']);
  fs.linkSync(to, from);
  replaceSync(from, to);
  expect(fs.readdirSync(directory)).toEqual(['to']);
  expect(read(to)).toBe('new');
});

test('a file replaced by itself stays, under whatever names its directory has', async () => {
  const { from, directory } = makePair();
  fs.linkSync(from, path.join(directory, 'another name'));
  await replace(from, from);
  expect(read(from)).toBe('new');
  const alias = path.join(makeDirectory(), 'alias');
  fs.symlinkSync(directory, alias);
  await replace(from, path.join(alias, 'from'));
  expect(read(from)).toBe('new');
});

test('links are replaced and moved, not followed', async () => {
  const { from, to, directory } = makePair();
  const link = path.join(directory, 'link');
  fs.symlinkSync('to', link);
  await replace(from, link);
  expect(fs.lstatSync(link).isFile()).toBe(true);
  expect(read(to)).toBe('old');
  fs.symlinkSync('nowhere', from);
  await replace(from, to);
  expect(fs.readlinkSync(to)).toBe('nowhere');
});

test.each([
  ['fsync', false],
  ['rename', false],
] as const)('a failure of %s leaves both as they were', async (call, committed) => {
  const { from, to } = makePair();
  const failed = { code: 'EIO', syscall: call, path: to, committed };
  await expect(replace(from, to, failing({ [call]: [{ throws: 'EIO' }] }))).rejects.toMatchObject(failed);
  expect(() => replaceSync(from, to, failing({ [call]: [{ throws: 'EIO' }] }))).toThrow(
    expect.objectContaining(failed),
  );
  expect([read(from), read(to)]).toEqual(['new', 'old']);
});

test('a failure to sync the directory says that the file is replaced', async () => {
  const { from, to } = makePair();
  await expect(replace(from, to, failing({ fsync: ['proceed', { throws: 'EIO' }] }))).rejects.toMatchObject({
    code: 'EIO',
    committed: true,
  });
  expect(read(to)).toBe('new');
});

test('a file that is not there, and a directory in the way', async () => {
  const { from, to, directory } = makePair();
  await expect(replace(`${from}2`, to)).rejects.toMatchObject({ code: 'ENOENT', path: to, committed: false });
  fs.mkdirSync(path.join(directory, 'folder'));
  await expect(replace(from, path.join(directory, 'folder'))).rejects.toMatchObject({ code: 'EISDIR' });
  expect([read(from), read(to)]).toEqual(['new', 'old']);
});

import fs from 'node:fs';
import path from 'node:path';

import { open, replace, writeFile, writeFileSync } from '@x/atomic-fs';
import { type TestContext, expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { mount, mountReadOnly } from './system.ts';

const read = (file: string): string => fs.readFileSync(file, 'utf8');

/** A file that is mounted into a directory, as containers do with a single file. */
function mountFile(context: TestContext): string {
  const [outside, inside] = [makeDirectory(), makeDirectory()];
  const target = path.join(inside, 'config');
  fs.writeFileSync(path.join(outside, 'config'), 'old');
  fs.writeFileSync(target, '');
  mount(context, ['--bind', path.join(outside, 'config')], target);
  return target;
}

const busy = expect.objectContaining({
  code: 'EBUSY',
  syscall: 'rename',
  committed: false,
  hint: expect.stringMatching(/mount point.*in-place/),
});

test('a mounted file cannot be replaced, which shows at once', async (context) => {
  const target = mountFile(context);
  await expect(writeFile(target, 'new')).rejects.toEqual(busy);
  expect(() => writeFileSync(target, 'new')).toThrow(busy);
  expect(read(target)).toBe('old');
  expect(fs.readdirSync(path.dirname(target))).toEqual(['config']);
});

test('a mounted file can be rewritten in place', async (context) => {
  const target = mountFile(context);
  fs.chmodSync(target, 0o640);
  const { ino } = fs.statSync(target);
  await writeFile(target, 'a longer content', { fallback: 'in-place' });
  expect(read(target)).toBe('a longer content');
  writeFileSync(target, 'short', { fallback: 'in-place' });
  expect(read(target)).toBe('short');
  expect(fs.statSync(target)).toMatchObject({ ino });
  expect(fs.statSync(target).mode & 0o777).toBe(0o640);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['config']);
});

test('a second file system cannot be renamed into, and only that error speaks of file systems', async (context) => {
  const directory = makeDirectory();
  const [other, target] = [path.join(directory, 'other'), path.join(directory, 'out')];
  fs.mkdirSync(other);
  mount(context, ['-t', 'tmpfs', 'tmpfs'], other);
  fs.writeFileSync(target, 'old');
  const crossing = expect.objectContaining({
    code: 'EXDEV',
    syscall: 'rename',
    committed: false,
    hint: expect.stringMatching(/two file systems/),
  });
  const tempName = (): string => path.join(other, 'temp');
  await expect(writeFile(target, 'new', { tempName })).rejects.toEqual(crossing);
  expect(() => writeFileSync(target, 'new', { tempName })).toThrow(crossing);
  fs.writeFileSync(path.join(other, 'finished'), 'new');
  await expect(replace(path.join(other, 'finished'), target)).rejects.toEqual(crossing);
  expect(fs.readdirSync(other)).toEqual(['finished']);
  expect(read(target)).toBe('old');

  await writeFile(target, 'new', { tempName, fallback: 'in-place' });
  expect(read(target)).toBe('new');
  expect(fs.readdirSync(other)).toEqual(['finished']);
});

test('a target on a second file system is written there', async (context) => {
  const directory = makeDirectory();
  mount(context, ['-t', 'tmpfs', 'tmpfs'], directory);
  const target = path.join(directory, 'out');
  await writeFile(target, 'one');
  await writeFile(target, 'two');
  expect(read(target)).toBe('two');
  expect(fs.readdirSync(directory)).toEqual(['out']);
});

test('a full disk keeps the old file whole and leaves no temp', async (context) => {
  const directory = makeDirectory();
  mount(context, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], directory);
  const target = path.join(directory, 'out');
  await writeFile(target, 'old');
  const full = expect.objectContaining({
    code: 'ENOSPC',
    syscall: 'write',
    committed: false,
    hint: expect.stringMatching(/Free space/),
  });
  await expect(writeFile(target, Buffer.alloc(100_000))).rejects.toEqual(full);
  expect(() => writeFileSync(target, Buffer.alloc(100_000))).toThrow(full);
  await expect(writeFile(target, [Buffer.alloc(30_000), Buffer.alloc(80_000)])).rejects.toEqual(full);
  expect(read(target)).toBe('old');
  expect(fs.readdirSync(directory)).toEqual(['out']);
});

test('a directory that is mounted read-only', async (context) => {
  const directory = makeDirectory();
  const target = path.join(directory, 'out');
  fs.writeFileSync(target, 'old');
  mountReadOnly(context, directory);
  await expect(open(target)).rejects.toMatchObject({
    code: 'EROFS',
    syscall: 'open',
    path: target,
    hint: expect.stringMatching(/read-only/),
  });
  expect(read(target)).toBe('old');
});

test('a writable file mounted into a read-only directory can be rewritten in place', async (context) => {
  const [directory, outside] = [makeDirectory(), makeDirectory()];
  const target = path.join(directory, 'config');
  fs.writeFileSync(target, '');
  fs.writeFileSync(path.join(outside, 'config'), 'old');
  mountReadOnly(context, directory);
  mount(context, ['--bind', path.join(outside, 'config')], target);
  await expect(writeFile(target, 'new')).rejects.toMatchObject({ code: 'EROFS' });
  const file = await open(target, { fallback: 'in-place' });
  expect(path.dirname(file.tempPath)).not.toBe(directory);
  await file.write('new');
  expect(read(target)).toBe('old');
  await file.commit();
  expect(read(target)).toBe('new');
  expect(fs.existsSync(file.tempPath)).toBe(false);
});

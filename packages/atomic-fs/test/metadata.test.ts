import fs from 'node:fs';
import path from 'node:path';

import { createWriteStream, open, writeFile, writeFileSync } from '@x/atomic-fs';
import { afterEach, expect, test } from 'vitest';

import { runFixture } from './child.ts';
import { makeDirectory } from './directory.ts';
import { failing, recording } from './host.ts';
import { needRoot, nobody } from './ownership.ts';

const initialMask = process.umask();
afterEach(() => {
  process.umask(initialMask);
});

const modeOf = (file: string): number => fs.statSync(file).mode & 0o7777;

const makeFile = (mode: number): string => {
  const target = path.join(makeDirectory(), 'out.csv');
  fs.writeFileSync(target, 'old');
  fs.chmodSync(target, mode);
  return target;
};

test.each([0o022, 0o027, 0o077, 0])('a new file gets what the umask %o leaves of 0666', async (mask) => {
  process.umask(mask);
  const directory = makeDirectory();
  const target = path.join(directory, 'out.csv');
  await writeFile(target, 'x');
  expect(modeOf(target)).toBe(0o666 & ~mask);
  writeFileSync(`${target}2`, 'x');
  expect(modeOf(`${target}2`)).toBe(0o666 & ~mask);
});

test('the mode option is subject to the umask, also for a file that exists', async () => {
  process.umask(0o027);
  const target = makeFile(0o604);
  await writeFile(target, 'x', { mode: 0o666 });
  expect(modeOf(target)).toBe(0o640);
  writeFileSync(target, 'x', { mode: 0o600 });
  expect(modeOf(target)).toBe(0o600);
});

test.each([0o600, 0o644, 0o755, 0o464, 0o000])('a replaced file keeps its mode %o', async (mode) => {
  process.umask(0o077);
  const target = makeFile(mode);
  await writeFile(target, 'new');
  expect(modeOf(target)).toBe(mode);
});

test('without preserve the mode is that of a new file', async () => {
  process.umask(0o022);
  const target = makeFile(0o600);
  await writeFile(target, 'new', { preserve: { mode: false } });
  expect(modeOf(target)).toBe(0o644);
});

test('a temp is open to its writer only, whatever the umask and the target allow', async () => {
  process.umask(0);
  for (const target of [makeFile(0o666), path.join(makeDirectory(), 'new')]) {
    // oxlint-disable-next-line no-await-in-loop
    const file = await open(target);
    expect(modeOf(file.tempPath) & 0o777).toBe(0o600);
    // oxlint-disable-next-line no-await-in-loop
    await file.write('secret');
    expect(modeOf(file.tempPath) & 0o777).toBe(0o600);
    // oxlint-disable-next-line no-await-in-loop
    await file.commit();
    expect(modeOf(target)).toBe(0o666);
  }
});

test('the temp of a secret is never readable by others, at no call', async () => {
  process.umask(0);
  const target = makeFile(0o600);
  const seen: number[] = [];
  const { options } = recording(() => {
    const temp = `${target}.tmp`;
    if (fs.existsSync(temp)) seen.push(modeOf(temp) & 0o777);
  });
  await writeFile(target, 'secret', options());
  expect(new Set(seen)).toEqual(new Set([0o600]));
  expect(seen.length).toBeGreaterThan(4);
  expect(modeOf(target)).toBe(0o600);
});

test('owner, group and setuid are kept by root', async (context) => {
  needRoot(context);
  const target = makeFile(0o755);
  fs.chownSync(target, 1234, 2345);
  fs.chmodSync(target, 0o6755);
  await writeFile(target, 'new');
  expect(fs.statSync(target)).toMatchObject({ uid: 1234, gid: 2345 });
  expect(modeOf(target)).toBe(0o6755);
  writeFileSync(target, 'newer');
  expect(fs.statSync(target)).toMatchObject({ uid: 1234, gid: 2345 });
  expect(modeOf(target)).toBe(0o6755);

  await writeFile(target, 'mine', { preserve: { owner: false } });
  expect(fs.statSync(target)).toMatchObject({ uid: 0, gid: 0 });
  expect(modeOf(target)).toBe(0o755);
});

test('whoever may not keep the owner keeps the content and the mode, but hands out no rights', async (context) => {
  needRoot(context);
  const directory = makeDirectory();
  fs.chmodSync(directory, 0o777);
  const target = path.join(directory, 'out.csv');
  fs.writeFileSync(target, 'old');
  fs.chmodSync(target, 0o6674);
  fs.chownSync(target, 1234, 2345);
  fs.chmodSync(target, 0o6674);
  const result = await runFixture('write-as.mjs', [String(nobody), target, '{}']);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(fs.readFileSync(target, 'utf8')).toBe('written');
  expect(fs.statSync(target)).toMatchObject({ uid: nobody, gid: nobody });
  // Neither setuid nor setgid, and the strange group gets what others had.
  expect(modeOf(target)).toBe(0o644);
});

test('an owner that must be kept and cannot be is an error', async (context) => {
  needRoot(context);
  const directory = makeDirectory();
  fs.chmodSync(directory, 0o777);
  const target = path.join(directory, 'out.csv');
  fs.writeFileSync(target, 'old');
  const options = JSON.stringify({ preserve: { owner: true } });
  const result = await runFixture('write-as.mjs', [String(nobody), target, options]);
  expect(result.stdout).toContain('EPERM fchown');
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(fs.readdirSync(directory)).toEqual(['out.csv']);
});

test('a user who may not give the file away still gives it the group', async (context) => {
  needRoot(context);
  const target = makeFile(0o640);
  fs.chownSync(target, 1234, 2345);
  await writeFile(target, 'new', failing({ fchown: [{ throws: 'EPERM' }] }));
  expect(fs.statSync(target)).toMatchObject({ uid: 0, gid: 2345 });
  expect(modeOf(target)).toBe(0o640);
});

test('a mode that cannot be given is an error where the file system has modes', async () => {
  const target = makeFile(0o644);
  await expect(writeFile(target, 'new', failing({ fchmod: [{ throws: 'EPERM' }] }))).rejects.toMatchObject({
    code: 'EPERM',
    syscall: 'fchmod',
  });
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
});

test('a stream keeps the mode as well', async () => {
  const target = makeFile(0o640);
  const stream = createWriteStream(target);
  await new Promise((resolve, reject) => stream.on('error', reject).on('finish', resolve).end('new'));
  expect(modeOf(target)).toBe(0o640);
});

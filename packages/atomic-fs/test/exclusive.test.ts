import fs from 'node:fs';
import path from 'node:path';

import { open, replace, writeFile, writeFileSync } from '@x/atomic-fs';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing, recording } from './host.ts';

const makeTarget = (): string => path.join(makeDirectory(), 'out.csv');
const taken = expect.objectContaining({
  code: 'EEXIST',
  committed: false,
  hint: expect.stringMatching(/remove/),
});

test('wx publishes a file that was not there, through a link', async () => {
  const target = makeTarget();
  const { calls, options } = recording();
  await writeFile(target, 'new', options({ flag: 'wx' }));
  expect(calls.filter((call) => /^(link|rename|unlink)/.test(call))).toEqual([
    'link out.csv.tmp out.csv',
    'unlink out.csv.tmp',
  ]);
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  expect(fs.statSync(target).nlink).toBe(1);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test.each([
  ['a file', (target: string) => fs.writeFileSync(target, 'old')],
  ['a dangling link', (target: string) => fs.symlinkSync('nowhere', target)],
  ['a link to a file', (target: string) => fs.symlinkSync('/etc/hostname', target)],
])('wx refuses %s that is there', async (_kind, put) => {
  const target = makeTarget();
  put(target);
  await expect(writeFile(target, 'new', { flag: 'wx' })).rejects.toEqual(taken);
  expect(() => writeFileSync(target, 'new', { flag: 'wx' })).toThrow(taken);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test.each([
  ['a file', (target: string) => fs.writeFileSync(target, 'theirs')],
  ['a dangling link', (target: string) => fs.symlinkSync('nowhere', target)],
])('wx refuses %s that came while it was writing', async (_kind, put) => {
  const target = makeTarget();
  const file = await open(target, { flag: 'wx' });
  await file.write('ours');
  put(target);
  await expect(file.commit()).rejects.toEqual(taken);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
  expect(fs.lstatSync(target).isSymbolicLink() ? 'nowhere' : fs.readFileSync(target, 'utf8')).not.toBe(
    'ours',
  );
});

test('of many exclusive writers, one wins', async () => {
  const target = makeTarget();
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      writeFile(target, `writer ${i}`, { flag: 'wx', durability: 'none' }),
    ),
  );
  const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
  expect(winners).toHaveLength(1);
  expect(fs.readFileSync(target, 'utf8')).toBe(`writer ${winners[0]}`);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test('a link whose success is reported as EEXIST, as NFS can, is a success', async () => {
  const target = makeTarget();
  const { calls, options } = recording();
  const file = await open(target, options({ flag: 'wx' }));
  await file.write('new');
  fs.linkSync(file.tempPath, target);
  await file.commit();
  expect(calls).toContain('lstat out.csv');
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test('a temp that cannot be removed after the link is a warning', async () => {
  const target = makeTarget();
  const warnings: unknown[] = [];
  const options = failing(
    { unlink: [{ throws: 'EIO' }] },
    { flag: 'wx', onWarning: (w) => warnings.push(w) },
  );
  await writeFile(target, 'new', options);
  expect(warnings).toMatchObject([{ code: 'TEMP_LEFT', cause: { code: 'EIO' } }]);
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
});

test('a file system without hard links says what to do', async () => {
  const target = makeTarget();
  await expect(
    writeFile(target, 'new', failing({ link: [{ throws: 'EPERM' }] }, { flag: 'wx' })),
  ).rejects.toMatchObject({ code: 'EPERM', syscall: 'link', hint: expect.stringMatching(/hard link/) });
  expect(fs.readdirSync(path.dirname(target))).toEqual([]);
});

test('replace with wx does not replace', async () => {
  const target = makeTarget();
  fs.writeFileSync(`${target}.new`, 'new');
  await replace(`${target}.new`, target, { flag: 'wx' });
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
  fs.writeFileSync(`${target}.new`, 'newer');
  await expect(replace(`${target}.new`, target, { flag: 'wx' })).rejects.toEqual(taken);
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  expect(fs.readFileSync(`${target}.new`, 'utf8')).toBe('newer');
});

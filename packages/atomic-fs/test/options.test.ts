import fs from 'node:fs';
import path from 'node:path';

import { commitAll, createWriteStream, open, replace, sweep, writeFile, writeFileSync } from '@x/atomic-fs';
import { expect, onTestFinished, test } from 'vitest';

import { makeDirectory } from './directory.ts';

test('options are never changed, and may be frozen', async () => {
  const directory = makeDirectory();
  const target = path.join(directory, 'out');
  const preserve = Object.freeze({ mode: true, owner: 'try' } as const);
  const options = Object.freeze({
    durability: 'none',
    tempName: 'suffix',
    onTempExists: 'recover',
    flag: 'w',
    mode: 0o600,
    preserve,
    followSymlinks: true,
    signal: new AbortController().signal,
    retryTimeout: 0,
    fallback: 'none',
    encoding: 'utf8',
    onWarning: () => undefined,
  } as const);
  const before = { ...options };
  await writeFile(target, 'a', options);
  writeFileSync(target, 'b', options);
  const file = await open(target, options);
  await file.commit();
  await new Promise((resolve, reject) =>
    createWriteStream(target, options).on('error', reject).on('finish', resolve).end('c'),
  );
  expect(options).toEqual(before);
  await writeFile(target, 'd', Object.create(null) as object);
  await writeFile(target, 'e', null);
  await writeFile(target, 'f', { durability: undefined, mode: undefined, encoding: null });
  expect(fs.readFileSync(target, 'utf8')).toBe('f');
});

test('options that change later do not matter', async () => {
  const target = path.join(makeDirectory(), 'out');
  const options: { flag: 'w' | 'wx'; mode: number } = { flag: 'w', mode: 0o600 };
  const file = await open(target, options);
  fs.writeFileSync(target, 'old');
  options.flag = 'wx';
  options.mode = 0o644;
  await file.commit();
  expect(fs.statSync(target).mode & 0o777).toBe(0o600);
});

test.each([
  [{ durability: 'most' }, /durability is most, allowed are full, data, none/],
  [{ tempName: 'random' }, /tempName is random, allowed are suffix, unique/],
  [{ onTempExists: true }, /onTempExists is true, allowed are recover, error/],
  [{ flag: 'a' }, /flag is a, allowed are w, wx/],
  [{ mode: 0o10000 }, /mode is 4096, allowed are 0 to 0o7777/],
  [{ mode: '899' }, /mode is 899, allowed/],
  [{ preserve: { owner: 'yes' } }, /preserve\.owner is yes, allowed are true, false, try/],
  [{ preserve: { group: true } }, /group is unknown/],
  [{ followSymlinks: 1 }, /followSymlinks is 1/],
  [{ signal: {} }, /signal is not an AbortSignal/],
  [{ retryTimeout: -1 }, /retryTimeout is -1, allowed are milliseconds from 0/],
  [{ retryTimeout: Number.NaN }, /retryTimeout is NaN/],
  [{ fallback: 'copy' }, /fallback is copy, allowed are none, in-place/],
  [{ encoding: 'utf9' }, /encoding is utf9/],
  [{ onWarning: 'log' }, /onWarning is a string, not a function/],
  [{ fsync: false }, /fsync is unknown, allowed are durability/],
  [42, /must be an object, not number/],
])('%j is refused by name, value and what is allowed', async (options, message) => {
  const target = path.join(makeDirectory(), 'out');
  const wrong = options as object;
  await expect(writeFile(target, 'x', wrong)).rejects.toThrow(message);
  await expect(writeFile(target, 'x', wrong)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  expect(() => writeFileSync(target, 'x', wrong)).toThrow(message);
  expect(() => createWriteStream(target, wrong)).toThrow(message);
  expect(fs.readdirSync(path.dirname(target))).toEqual([]);
});

test('the other calls refuse what is not theirs', async () => {
  const directory = makeDirectory();
  await expect(replace('a', 'b', { mode: 0o600 } as object)).rejects.toThrow(/mode is unknown/);
  await expect(sweep(directory, { durability: 'full' } as object)).rejects.toThrow(/durability is unknown/);
  await expect(commitAll([{} as never])).rejects.toThrow(/Not an AtomicFile/);
  // @ts-expect-error neither a path
  await expect(open(42)).rejects.toThrow(/path must be a string/);
  await expect(open('')).rejects.toThrow(/path is empty/);
  await expect(open('a\0b')).rejects.toThrow(/null byte/);
});

test('a mode in text is octal, as in node:fs', async () => {
  const target = path.join(makeDirectory(), 'out');
  const mask = process.umask(0o022);
  onTestFinished(() => void process.umask(mask));
  await writeFile(target, 'a', { mode: '0640' });
  // Windows knows of one bit only.
  const expected = process.platform === 'win32' ? 0o666 : 0o640;
  expect(fs.statSync(target).mode & 0o777).toBe(expected);
  for (const mode of ['', '9', 'rw', '0x1ff', '17777']) {
    await expect(writeFile(target, 'b', { mode })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  }
});

test.for<[string, object, string]>([
  ['a misspelt part of preserve', { preserve: { mod: true } }, 'Option preserve.mod is unknown'],
  ['nothing for preserve', { preserve: null }, 'not null'],
  ['a list', [], 'Options must be an object'],
  ['a tempName that gives no path', { tempName: () => 5 }, 'tempName named no path'],
])('is refused in words: %s', async ([, options, problem]) => {
  const directory = makeDirectory();
  await expect(writeFile(path.join(directory, 'out'), '', options)).rejects.toMatchObject({
    name: 'AtomicWriteError',
    code: 'BAD_OPTION',
    problem: expect.stringContaining(problem),
  });
  expect(fs.readdirSync(directory)).toEqual([]);
});

test('the URL of something else than a file is refused in words', async () => {
  await expect(writeFile(new URL('https://example.com/a.csv'), '')).rejects.toMatchObject({
    code: 'BAD_OPTION',
    problem: 'https://example.com/a.csv is not the URL of a file',
  });
});

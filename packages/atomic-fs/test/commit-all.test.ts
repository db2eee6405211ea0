import fs from 'node:fs';
import path from 'node:path';

import { type AtomicFile, commitAll, open } from '@x/atomic-fs';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing, recording } from './host.ts';

async function openThree(directory: string, options: readonly object[] = []): Promise<AtomicFile[]> {
  const files = ['a', 'b', 'c'].map(async (name, i) => {
    const target = path.join(directory, name);
    fs.writeFileSync(target, 'old');
    const file = await open(target, options[i]);
    await file.write(`new ${name}`);
    return file;
  });
  return Promise.all(files);
}

const contents = (directory: string): Record<string, string> =>
  Object.fromEntries(
    fs.readdirSync(directory).map((name) => [name, fs.readFileSync(path.join(directory, name), 'utf8')]),
  );

test('every file is synced before the first is published, then their directory once', async () => {
  const directory = makeDirectory();
  const { calls, options } = recording();
  const files = await openThree(directory, [options(), options(), options()]);
  calls.length = 0;
  await commitAll(files);
  expect(contents(directory)).toEqual({ a: 'new a', b: 'new b', c: 'new c' });
  const steps = calls.filter((call) => /^(fsync|rename)/.test(call));
  expect(steps).toEqual([
    'fsync',
    'fsync',
    'fsync',
    'rename a.tmp a',
    'rename b.tmp b',
    'rename c.tmp c',
    'fsync',
  ]);
  await commitAll(files);
  await commitAll([]);
});

test('every directory is synced', async () => {
  const [one, two] = [makeDirectory(), makeDirectory()];
  const { calls, options } = recording();
  const files = await Promise.all(
    [one, two, one].map((directory, i) => open(path.join(directory, `f${i}`), options())),
  );
  calls.length = 0;
  await commitAll(files);
  expect(calls.filter((call) => call === 'fsync')).toHaveLength(3 + 2);
  expect(calls.filter((call) => call === 'close')).toHaveLength(3 + 3);
});

test('a failure midway names what was published and discards the rest', async () => {
  const directory = makeDirectory();
  const files = await openThree(directory, [{}, failing({ rename: [{ throws: 'EACCES' }] }), {}]);
  const failure: unknown = await commitAll(files).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: 'AtomicWriteError',
    code: 'EACCES',
    syscall: 'rename',
    path: path.join(directory, 'b'),
    committed: false,
    published: [path.join(directory, 'a')],
    message: expect.stringContaining(`published are: ${path.join(directory, 'a')}`),
  });
  expect(contents(directory)).toEqual({ a: 'new a', b: 'old', c: 'old' });
  await expect(files[2]?.commit()).rejects.toBe(failure);
});

test('what is published before a failure lasts, and leaves nothing open', async () => {
  const directory = makeDirectory();
  const { calls, options } = recording();
  const files = await openThree(directory, [
    options(),
    failing({ rename: [{ throws: 'EACCES' }] }),
    options(),
  ]);
  calls.length = 0;
  await expect(commitAll(files)).rejects.toMatchObject({ published: [path.join(directory, 'a')] });
  // Each temp, and after the renaming the directory of the one that is published.
  expect(calls.filter((call) => /^(fsync|rename)/.test(call))).toEqual([
    'fsync',
    'fsync',
    'rename a.tmp a',
    'fsync',
  ]);
  const opened = calls.filter((call) => call.startsWith('open')).length;
  // The two temps were opened before.
  expect(calls.filter((call) => call === 'close')).toHaveLength(opened + 2);
});

test('a failure while syncing publishes nothing', async () => {
  const directory = makeDirectory();
  const files = await openThree(directory, [{}, {}, failing({ fsync: [{ throws: 'EIO' }] })]);
  await expect(commitAll(files)).rejects.toMatchObject({ code: 'EIO', published: [], committed: false });
  expect(contents(directory)).toEqual({ a: 'old', b: 'old', c: 'old' });
});

test('a failure to sync the directory says that all are published', async () => {
  const directory = makeDirectory();
  const first = failing({ fsync: ['proceed', { throws: 'EIO' }] });
  const files = await openThree(directory, [first, {}, {}]);
  await expect(commitAll(files)).rejects.toMatchObject({
    code: 'EIO',
    committed: true,
    published: ['a', 'b', 'c'].map((name) => path.join(directory, name)),
  });
  expect(contents(directory)).toEqual({ a: 'new a', b: 'new b', c: 'new c' });
});

test('a file that was discarded before stops all', async () => {
  const directory = makeDirectory();
  const files = await openThree(directory);
  await files[1]?.discard();
  await expect(commitAll(files)).rejects.toMatchObject({ code: 'CLOSED', published: [] });
  expect(contents(directory)).toEqual({ a: 'old', b: 'old', c: 'old' });
});

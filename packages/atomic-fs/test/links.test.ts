import fs from 'node:fs';
import path from 'node:path';

import { open, writeFile, writeFileSync } from '@x/atomic-fs';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';

const read = (file: string): string => fs.readFileSync(file, 'utf8');

test('a symbolic link survives, and what it leads to is replaced', async () => {
  const directory = makeDirectory();
  fs.mkdirSync(path.join(directory, 'data'));
  const [link, target] = [path.join(directory, 'link'), path.join(directory, 'data', 'target')];
  fs.writeFileSync(target, 'old');
  fs.chmodSync(target, 0o640);
  fs.symlinkSync('data/target', link);
  const file = await open(link);
  expect(file.path).toBe(target);
  expect(file.tempPath).toBe(`${target}.tmp`);
  await file.write('new');
  await file.commit();
  expect(fs.readlinkSync(link)).toBe('data/target');
  expect(fs.lstatSync(target).isFile()).toBe(true);
  expect(fs.statSync(target).mode & 0o777).toBe(0o640);
  expect(read(link)).toBe('new');
  writeFileSync(link, 'newer');
  expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
  expect(read(target)).toBe('newer');
});

test('without followSymlinks the link itself is replaced, and its target stays', async () => {
  const directory = makeDirectory();
  const [link, target] = [path.join(directory, 'link'), path.join(directory, 'target')];
  fs.writeFileSync(target, 'old', { mode: 0o600 });
  fs.symlinkSync('target', link);
  await writeFile(link, 'new', { followSymlinks: false });
  expect(fs.lstatSync(link).isFile()).toBe(true);
  expect(fs.statSync(link).mode & 0o777).toBe(0o666 & ~process.umask());
  expect(read(link)).toBe('new');
  expect(read(target)).toBe('old');
});

test('a dangling link creates its target', async () => {
  const directory = makeDirectory();
  const [link, target] = [path.join(directory, 'link'), path.join(directory, 'target')];
  fs.symlinkSync('target', link);
  await writeFile(link, 'new');
  expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
  expect(fs.lstatSync(target).isFile()).toBe(true);
  expect(read(target)).toBe('new');
});

test('a link into a directory that is not there is an error', async () => {
  const directory = makeDirectory();
  const link = path.join(directory, 'link');
  fs.symlinkSync('missing/target', link);
  await expect(writeFile(link, 'new')).rejects.toMatchObject({
    code: 'ENOENT',
    path: path.join(directory, 'missing/target'),
  });
  expect(fs.readdirSync(directory)).toEqual(['link']);
});

test('a relative link counts from where its directory really is', async () => {
  const directory = makeDirectory();
  const at = (...names: string[]): string => path.join(directory, ...names);
  fs.mkdirSync(at('deep', 'inner'), { recursive: true });
  fs.mkdirSync(at('shallow'));
  fs.symlinkSync(at('deep', 'inner'), at('shallow', 'linked'));
  fs.symlinkSync('../target', at('deep', 'inner', 'link'));
  await writeFile(at('shallow', 'linked', 'link'), 'new');
  expect(read(at('deep', 'target'))).toBe('new');
  expect(fs.readdirSync(at('shallow'))).toEqual(['linked']);
  expect(fs.readdirSync(at('deep')).toSorted()).toEqual(['inner', 'target']);

  // The same for a `..` that the caller writes.
  await writeFile(`${at('shallow', 'linked')}/../other`, 'newer');
  expect(read(at('deep', 'other'))).toBe('newer');
});

test('links that lead in a circle are an error', async () => {
  const directory = makeDirectory();
  fs.symlinkSync('two', path.join(directory, 'one'));
  fs.symlinkSync('one', path.join(directory, 'two'));
  const looping = { code: 'ELOOP', path: path.join(directory, 'one'), hint: expect.stringMatching(/circle/) };
  await expect(writeFile(path.join(directory, 'one'), 'x')).rejects.toMatchObject(looping);
  expect(() => writeFileSync(path.join(directory, 'one'), 'x')).toThrow(expect.objectContaining(looping));
});

test('a chain of forty links is followed, one of forty-one is not', async () => {
  const directory = makeDirectory();
  const at = (n: number): string => path.join(directory, `link${n}`);
  for (let n = 1; n <= 41; n++) fs.symlinkSync(n === 1 ? 'target' : `link${n - 1}`, at(n));
  await writeFile(at(40), 'new');
  expect(read(path.join(directory, 'target'))).toBe('new');
  await expect(writeFile(at(41), 'x')).rejects.toMatchObject({ code: 'ELOOP' });
});

test('the other names of a hard-linked file keep the old content', async () => {
  const directory = makeDirectory();
  const [one, two] = [path.join(directory, 'one'), path.join(directory, 'two')];
  fs.writeFileSync(one, 'old');
  fs.linkSync(one, two);
  await writeFile(one, 'new');
  expect(read(one)).toBe('new');
  expect(read(two)).toBe('old');
  expect(fs.statSync(one).nlink).toBe(1);
});

test('a temp that somebody links to the target does not stay', async () => {
  const directory = makeDirectory();
  const target = path.join(directory, 'out');
  const file = await open(target);
  await file.write('new');
  fs.linkSync(file.tempPath, target);
  await file.commit();
  expect(read(target)).toBe('new');
  expect(fs.readdirSync(directory)).toEqual(['out']);
});

test('a directory as target is refused before anything is created', async () => {
  const directory = makeDirectory();
  const target = path.join(directory, 'folder');
  fs.mkdirSync(target);
  const refused = { code: 'EISDIR', path: target, hint: expect.stringMatching(/name a file/) };
  await expect(writeFile(target, 'x')).rejects.toMatchObject(refused);
  expect(() => writeFileSync(target, 'x')).toThrow(expect.objectContaining(refused));
  await expect(writeFile(path.join(directory, 'no/'), 'x')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(fs.readdirSync(directory)).toEqual(['folder']);
});

test('a change of the working directory does not move the target', async () => {
  const [here, there] = [makeDirectory(), makeDirectory()];
  const before = process.cwd();
  try {
    process.chdir(here);
    const file = await open('out.csv');
    const pending = writeFile('other.csv', 'other');
    process.chdir(there);
    await file.write('new');
    await file.commit();
    await pending;
  } finally {
    process.chdir(before);
  }
  expect(fs.readdirSync(here).toSorted()).toEqual(['other.csv', 'out.csv']);
  expect(fs.readdirSync(there)).toEqual([]);
});

import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { symlink } from '@x/atomic-fs';
import { intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing, recording } from './host.ts';
import { changeLater } from './system.ts';

function makeLink(): { link: string; directory: string } {
  const directory = makeDirectory();
  return { directory, link: path.join(directory, 'current') };
}

test('a link is made, and flipped with no moment without one', async () => {
  const { link, directory } = makeLink();
  await symlink('releases/1', link);
  expect(fs.readlinkSync(link)).toBe('releases/1');
  const { calls, options } = recording(() => expect(fs.readlinkSync(link)).toMatch(/^releases\/[12]$/));
  await symlink('releases/2', link, options());
  expect(fs.readlinkSync(link)).toBe('releases/2');
  expect(fs.readdirSync(directory)).toEqual(['current']);
  expect(calls.map((call) => call.split(' ')[0])).toEqual([
    'lstat',
    'symlink',
    'lstat',
    'rename',
    'open',
    'fsync',
    'close',
  ]);
});

test('a link to a directory is flipped, not moved into it', async () => {
  const { link, directory } = makeLink();
  for (const name of ['v1', 'v2']) fs.mkdirSync(path.join(directory, name));
  await symlink('v1', link);
  await symlink(pathToFileURL(path.join(directory, 'v2')), link, { durability: 'none' });
  expect(fs.readlinkSync(link)).toBe(path.join(directory, 'v2'));
  expect(fs.readdirSync(path.join(directory, 'v1'))).toEqual([]);
});

test('a file gives way, a directory does not', async () => {
  const { link, directory } = makeLink();
  fs.writeFileSync(link, 'file');
  await symlink('target', link);
  expect(fs.readlinkSync(link)).toBe('target');
  const folder = path.join(directory, 'folder');
  fs.mkdirSync(folder);
  await expect(symlink('target', folder)).rejects.toMatchObject({ code: 'EISDIR', path: folder });
  expect(fs.readdirSync(directory).toSorted()).toEqual(['current', 'folder']);
});

test('wx makes a new link only', async () => {
  const { link, directory } = makeLink();
  await symlink('one', link, { flag: 'wx' });
  await expect(symlink('two', link, { flag: 'wx' })).rejects.toMatchObject({ code: 'EEXIST' });
  expect(fs.readlinkSync(link)).toBe('one');
  expect(fs.readdirSync(directory)).toEqual(['current']);
});

test('a failure keeps the old link and leaves no temp', async () => {
  const { link, directory } = makeLink();
  await symlink('one', link);
  const before = process.listenerCount('exit');
  for (const call of ['symlink', 'rename'] as const) {
    // oxlint-disable-next-line no-await-in-loop
    await expect(symlink('two', link, failing({ [call]: [{ throws: 'EIO' }] }))).rejects.toMatchObject({
      code: 'EIO',
      syscall: call,
      committed: false,
    });
  }
  await expect(symlink('two', link, failing({ fsync: [{ throws: 'EIO' }] }))).rejects.toMatchObject({
    committed: true,
  });
  const unseen = failing({ lstat: ['proceed', { throws: 'EIO' }] });
  await expect(symlink('three', link, unseen)).rejects.toMatchObject({ code: 'EIO', syscall: 'lstat' });
  expect(fs.readlinkSync(link)).toBe('two');
  expect(fs.readdirSync(directory)).toEqual(['current']);
  expect(process.listenerCount('exit')).toBe(before);
  await expect(symlink('', link)).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

test('what a killed run left is removed, by the next one, once it lies still', async () => {
  const { link, directory } = makeLink();
  fs.symlinkSync('releases/1', link);
  fs.symlinkSync('releases/2', `${link}.tmp`);
  const warnings: string[] = [];
  await symlink('releases/3', link, { onWarning: ({ code }) => warnings.push(code) });
  expect(fs.readlinkSync(link)).toBe('releases/3');
  expect(fs.readdirSync(directory)).toEqual(['current']);
  expect(warnings).toEqual(['LEFTOVER_REMOVED']);
});

test('a link that another one makes meanwhile stays, and so does a file of that name', async () => {
  const { link, directory } = makeLink();
  fs.symlinkSync('releases/2', `${link}.tmp`);
  const host = intercept(nodeHost, ({ name, proceed }) => {
    if (name !== 'sleep') return proceed();
    changeLater(`${link}.tmp`, () => {
      fs.unlinkSync(`${link}.tmp`);
      fs.symlinkSync('releases/4', `${link}.tmp`);
    });
    return undefined;
  });
  await symlink('releases/3', link, withHost(host, {}));
  expect(fs.readlinkSync(`${link}.tmp`)).toBe('releases/4');
  fs.unlinkSync(`${link}.tmp`);
  fs.writeFileSync(`${link}.tmp`, 'of a writer of files');
  await symlink('releases/5', link);
  expect(fs.readdirSync(directory)).toEqual(['current', 'current.tmp']);
});

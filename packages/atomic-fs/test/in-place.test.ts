import fs from 'node:fs';
import path from 'node:path';

import { writeFile, writeFileSync } from '@x/atomic-fs';
import { intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { expect, test } from 'vitest';

import { runFixture } from './child.ts';
import { makeDirectory } from './directory.ts';
import { failing, type Outcome, systemError } from './host.ts';
import { needRoot, nobody } from './ownership.ts';

const read = (file: string): string => fs.readFileSync(file, 'utf8');

const makeTarget = (content: string): string => {
  const target = path.join(makeDirectory(), 'out');
  fs.writeFileSync(target, content);
  return target;
};

const inPlace = { fallback: 'in-place' } as const;

test.each(['EBUSY', 'EXDEV', 'EPERM', 'EACCES'])('a rename refused with %s is made up for', async (code) => {
  const target = makeTarget('a long old content');
  const { ino } = fs.statSync(target);
  await writeFile(target, 'new', failing({ rename: [{ throws: code }] }, inPlace));
  expect(read(target)).toBe('new');
  writeFileSync(target, 'a much longer new content', failing({ rename: [{ throws: code }] }, inPlace));
  expect(read(target)).toBe('a much longer new content');
  expect(fs.statSync(target).ino).toBe(ino);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out']);
});

test('other failures of the rename are not', async () => {
  const target = makeTarget('old');
  await expect(
    writeFile(target, 'new', failing({ rename: [{ throws: 'EIO' }] }, inPlace)),
  ).rejects.toMatchObject({ code: 'EIO', committed: false });
  expect(read(target)).toBe('old');
});

test('without the option nothing is rewritten', async () => {
  const target = makeTarget('old');
  await expect(writeFile(target, 'new', failing({ rename: [{ throws: 'EBUSY' }] }))).rejects.toMatchObject({
    code: 'EBUSY',
  });
  expect(read(target)).toBe('old');
});

test('a failure midway keeps the whole new content and says where', async () => {
  const target = makeTarget('old');
  const options = failing({ rename: [{ throws: 'EBUSY' }], ftruncate: [{ throws: 'EIO' }] }, inPlace);
  const failure: unknown = await writeFile(target, 'new content', options).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'EIO',
    committed: false,
    tempPath: `${target}.tmp`,
    message: expect.stringContaining(`All of the new content is in ${target}.tmp`),
  });
  expect(read(`${target}.tmp`)).toBe('new content');
});

test('so does one behind which nothing can be closed', async () => {
  const target = makeTarget('old');
  // The first close is that of the temp, as it is sealed.
  const closes: Outcome[] = ['proceed', { throws: 'EDQUOT' }, { throws: 'EDQUOT' }, { throws: 'EDQUOT' }];
  const options = failing(
    { rename: [{ throws: 'EBUSY' }], ftruncate: [{ throws: 'EIO' }], close: closes },
    { ...inPlace, onWarning: () => undefined },
  );
  await expect(writeFile(target, 'new content', options)).rejects.toMatchObject({
    code: 'EIO',
    message: expect.stringContaining(`All of the new content is in ${target}.tmp`),
  });
  expect(read(`${target}.tmp`)).toBe('new content');
});

test('so does a failure between two writes', async () => {
  const target = makeTarget('old');
  let writes = 0;
  const host = intercept(nodeHost, ({ name, proceed }) => {
    if (name === 'rename') throw systemError('EBUSY', name);
    // The first one is into the temp.
    if (name === 'write' && ++writes === 3) throw systemError('ENOSPC', name);
    return proceed();
  });
  const content = Buffer.alloc(1_500_000, 'content');
  await expect(writeFile(target, content, withHost(host, inPlace))).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(fs.readFileSync(`${target}.tmp`).equals(content)).toBe(true);
});

test('a failure before the first byte leaves the target and no temp', async () => {
  const target = makeTarget('old');
  const options = failing({ rename: [{ throws: 'EBUSY' }], read: [{ throws: 'EIO' }] }, inPlace);
  await expect(writeFile(target, 'new', options)).rejects.toMatchObject({ code: 'EIO', syscall: 'read' });
  expect(read(target)).toBe('old');
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out']);
});

test('short writes of the copy are continued', async () => {
  const target = makeTarget('old');
  let isRenamed = false;
  const host = intercept(nodeHost, ({ name, args, proceed }) => {
    if (name === 'rename') {
      isRenamed = true;
      throw systemError('EBUSY', name);
    }
    const [fd, buffer, offset, length] = args;
    if (name !== 'write' || !isRenamed) return proceed();
    if (typeof fd !== 'number' || !(buffer instanceof Uint8Array)) throw new Error('Not a call of write');
    return fs.writeSync(fd, buffer, Number(offset), Math.min(Number(length), 70_001));
  });
  const content = Buffer.alloc(2_500_000, 'content');
  await writeFile(target, content, withHost(host, inPlace));
  expect(fs.readFileSync(target).equals(content)).toBe(true);
});

test('a directory that may not be written', async (context) => {
  needRoot(context);
  const directory = makeDirectory();
  fs.chmodSync(directory, 0o755);
  const target = path.join(directory, 'out');
  fs.writeFileSync(target, 'old');
  fs.chmodSync(target, 0o666);
  const refused = await runFixture('write-as.mjs', [String(nobody), target, '{}']);
  expect(refused.stdout).toContain('EACCES open');
  expect(refused.stdout).toContain('permission to create files in its directory');
  expect(read(target)).toBe('old');
  const rewritten = await runFixture('write-as.mjs', [String(nobody), target, JSON.stringify(inPlace)]);
  expect(rewritten).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(read(target)).toBe('written');
  expect(fs.readdirSync(directory)).toEqual(['out']);
});

import fs from 'node:fs';
import path from 'node:path';

import { open, tempPathFor, writeFile, writeFileSync } from '@x/atomic-fs';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing, recording } from './host.ts';
import { isStemOf, parseTempName } from '../src/temp-name/temp-name.ts';

const token = /^[0-9a-z]{6}-[0-9a-z]+-[0-9a-z]+-[0-9a-z]{12}$/;
const byteLength = (name: string): number => Buffer.byteLength(path.basename(name));

test('the temp of a file is beside it', () => {
  expect(tempPathFor('/data/output.csv')).toBe('/data/output.csv.tmp');
  expect(tempPathFor('output.csv', 'suffix')).toBe('output.csv.tmp');
  expect(tempPathFor('./a.tmp')).toBe('./a.tmp.tmp');
});

test('unique names have a token and are never the same', () => {
  const names = Array.from({ length: 100 }, () => tempPathFor('/data/output.csv', 'unique'));
  expect(new Set(names).size).toBe(100);
  for (const name of names) {
    expect(name.slice(0, 16)).toBe('/data/output.csv');
    expect(name.slice(17, -4)).toMatch(token);
    expect(name.slice(-4)).toBe('.tmp');
  }
});

test('a function names the temp, relative to the directory of the target', async () => {
  expect(tempPathFor('/data/out', () => 'hidden/temp')).toBe('/data/hidden/temp');
  expect(tempPathFor('/data/out', (target) => `${target}.part`)).toBe('/data/out.part');
  expect(() => tempPathFor('/data/out', () => './out')).toThrow(/BAD_OPTION.*named the target itself/);

  const directory = makeDirectory();
  const target = path.join(directory, 'out');
  const file = await open(target, { tempName: () => 'elsewhere' });
  expect(file.tempPath).toBe(path.join(directory, 'elsewhere'));
  await file.commit();
  expect(fs.readdirSync(directory)).toEqual(['out']);
});

const longNames = {
  'of one-byte characters': 'x'.repeat(255),
  'of two-byte characters': `a${'é'.repeat(127)}`,
  'of three-byte characters': '字'.repeat(85),
  'of four-byte characters': `abc${'😀'.repeat(63)}`,
  'with room for a suffix only': 'x'.repeat(251),
  'one byte too long for a suffix': 'x'.repeat(252),
};

test.each(Object.entries(longNames))('a name %s works like any other', async (_kind, name) => {
  const directory = makeDirectory();
  const target = path.join(directory, name);
  await writeFile(target, 'one');
  writeFileSync(target, 'two', { tempName: 'unique' });
  const [first, second] = [await open(target), await open(target)];
  await first.write('three');
  await second.write('four');
  await second.commit();
  await first.commit();
  expect(fs.readFileSync(target, 'utf8')).toBe('three');
  expect(fs.readdirSync(directory)).toEqual([name]);
});

test('a name is cut between characters, and gets a hash that keeps it from other targets', () => {
  const cut = [1, 2, 3].map((n) => tempPathFor(`/d/${'字'.repeat(84)}${n}12`));
  expect(new Set(cut).size).toBe(3);
  for (const name of cut) {
    expect(byteLength(name)).toBeLessThanOrEqual(255);
    expect(path.basename(name)).toMatch(/^字+\.[0-9a-z]{12}\.tmp$/);
  }
  const unique = tempPathFor(`/d/${'😀'.repeat(63)}`, 'unique');
  expect(byteLength(unique)).toBeLessThanOrEqual(255);
  expect(unique).not.toContain('\ufffd');
  expect(Buffer.from(unique).toString()).toBe(unique);
});

test('a file system with a lower limit gets a temp no longer than the name it allowed', async () => {
  const directory = makeDirectory();
  const target = path.join(directory, 'x'.repeat(140));
  const { calls, options } = recording();
  const refusing = failing({ open: [{ throws: 'ENAMETOOLONG' }] });
  await writeFile(target, 'new', refusing);
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  await writeFile(target, 'newer', options());
  expect(calls[1]).toBe(`open ${'x'.repeat(140)}.tmp wx 1600`);
  const always = failing({ open: [{ throws: 'ENAMETOOLONG' }, { throws: 'ENAMETOOLONG' }] });
  await expect(writeFile(target, 'x', always)).rejects.toMatchObject({
    code: 'ENAMETOOLONG',
    syscall: 'open',
  });
});

test('a name that is too long itself is an error', async () => {
  const target = path.join(makeDirectory(), 'x'.repeat(256));
  await expect(writeFile(target, '')).rejects.toMatchObject({ code: 'ENAMETOOLONG', hint: /shorter/ });
});

test('a path near the limit of paths works', async () => {
  let directory = makeDirectory();
  while (directory.length < 4096 - 300) directory = path.join(directory, 'd'.repeat(200));
  const base = 'x'.repeat(4095 - directory.length - 1);
  fs.mkdirSync(directory, { recursive: true });
  const target = path.join(directory, base.slice(0, 200));
  const nearest = path.join(directory, 'y'.repeat(Math.min(base.length, 255)));
  await writeFile(target, 'long');
  await writeFile(nearest, 'longest');
  expect(fs.readdirSync(directory)).toEqual([path.basename(target), path.basename(nearest)]);
});

test('a name tells which target it belongs to, and nothing else passes for one with a token', () => {
  const unique = path.basename(tempPathFor('/d/out.csv', 'unique'));
  expect(parseTempName(unique)).toMatchObject({ stem: 'out.csv', writer: { pid: process.pid } });
  expect(parseTempName('out.csv.tmp')).toEqual({ stem: 'out.csv', writer: undefined });
  expect(parseTempName('out.csv')).toBeUndefined();
  expect(parseTempName('.tmp')).toBeUndefined();
  const forged = unique.replace('out.csv', 'other.csv');
  expect(parseTempName(forged)?.writer).toBeUndefined();

  const long = 'x'.repeat(255);
  const cut = parseTempName(path.basename(tempPathFor(`/d/${long}`, 'unique')));
  expect(cut?.writer?.pid).toBe(process.pid);
  expect(isStemOf(cut?.stem ?? '', long)).toBe(true);
  expect(isStemOf(cut?.stem ?? '', `${'x'.repeat(254)}y`)).toBe(false);
  expect(isStemOf('out.csv', 'out.csv')).toBe(true);
  expect(isStemOf('out.csv', 'out')).toBe(false);
});

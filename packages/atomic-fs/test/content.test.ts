import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

import { open, writeFile, writeFileSync } from '@x/atomic-fs';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';

const makeTarget = (): string => path.join(makeDirectory(), 'out.bin');

const backing = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;

test.each([
  ['Uint16Array', new Uint16Array(backing, 2, 2), [3, 4, 5, 6]],
  ['Float64Array', new Float64Array(backing), [1, 2, 3, 4, 5, 6, 7, 8]],
  ['DataView', new DataView(backing, 1, 3), [2, 3, 4]],
  ['Buffer', Buffer.from(backing, 4, 2), [5, 6]],
  ['empty view', new Uint8Array(0), []],
])('%s is written by its byte length', async (_name, view, bytes) => {
  const target = makeTarget();
  await writeFile(target, view);
  expect([...fs.readFileSync(target)]).toEqual(bytes);
  writeFileSync(target, view);
  expect([...fs.readFileSync(target)]).toEqual(bytes);
  await writeFile(target, [view, view]);
  expect([...fs.readFileSync(target)]).toEqual([...bytes, ...bytes]);
});

test.each(['utf8', 'utf16le', 'latin1', 'hex', 'base64'] as const)(
  'a string is written in the encoding %s, given alone or among the options',
  async (encoding) => {
    const target = makeTarget();
    const text = encoding === 'hex' || encoding === 'base64' ? 'abcd' : 'aé€𝄞';
    const expected = Buffer.from(text, encoding);
    await writeFile(target, text, encoding);
    expect(fs.readFileSync(target)).toEqual(expected);
    writeFileSync(target, text, { encoding });
    expect(fs.readFileSync(target)).toEqual(expected);
    await writeFile(target, [text, text], { encoding });
    expect(fs.readFileSync(target)).toEqual(Buffer.concat([expected, expected]));
  },
);

async function* count(): AsyncGenerator<string> {
  for (let i = 0; i < 5; i++) yield `${i}\n`;
}

test.each([
  ['an array', () => ['0\n1\n', Buffer.from('2\n'), '3\n', new Uint8Array([52, 10])]],
  ['an async generator', count],
  ['a Readable', () => Readable.from(count())],
  ['a Readable with an encoding', () => Readable.from(count()).setEncoding('utf8')],
  ['a web stream', () => Readable.toWeb(Readable.from(count()))],
])('%s is written to its end', async (_name, makeSource) => {
  const target = makeTarget();
  await writeFile(target, makeSource());
  expect(fs.readFileSync(target, 'utf8')).toBe('0\n1\n2\n3\n4\n');

  const file = await open(target);
  await file.write('head\n');
  await file.writeAll(makeSource());
  await file.write('foot\n');
  await file.commit();
  expect(fs.readFileSync(target, 'utf8')).toBe('head\n0\n1\n2\n3\n4\nfoot\n');
});

test('an iterable is written by the blocking form too', () => {
  const target = makeTarget();
  writeFileSync(target, new Set(['a', Buffer.from('b')]));
  expect(fs.readFileSync(target, 'utf8')).toBe('ab');
});

test('chunks of every size arrive in order, also when the source uses one buffer for all', async () => {
  const target = makeTarget();
  const shared = new Uint8Array(700_000);
  const sizes = [1, 255, 65_535, 524_288, 0, 524_287, 1, 100, 700_000, 7, 200_000, 400_000, 1];
  async function* reuse(): AsyncGenerator<Uint8Array> {
    for (const [index, size] of sizes.entries()) {
      shared.fill(index + 1);
      yield shared.subarray(0, size);
    }
  }
  await writeFile(target, reuse());
  expect(fs.readFileSync(target)).toEqual(Buffer.concat(sizes.map((size, i) => Buffer.alloc(size, i + 1))));
});

test('writes that are not awaited keep their order', async () => {
  const target = makeTarget();
  const file = await open(target);
  const chunks = Array.from({ length: 200 }, (_, i) => `${i},`);
  await Promise.all([...chunks.map((chunk) => file.write(chunk)), file.commit()]);
  expect(fs.readFileSync(target, 'utf8')).toBe(chunks.join(''));
});

test('a path may be a file URL or a Buffer', async () => {
  const target = path.join(makeDirectory(), 'ä b.txt');
  await writeFile(pathToFileURL(target), 'url');
  expect(fs.readFileSync(target, 'utf8')).toBe('url');
  writeFileSync(Buffer.from(target), 'buffer');
  expect(fs.readFileSync(target, 'utf8')).toBe('buffer');
  await expect(writeFile(Buffer.from([0x2f, 0xff]), '')).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

test.each([
  ['a number', 42],
  ['null', null],
  ['an object', {}],
  ['an ArrayBuffer', new ArrayBuffer(4)],
  ['an array of numbers', [1, 2, 3]],
])('%s as data is refused, and the target stays', async (_name, data) => {
  const target = makeTarget();
  fs.writeFileSync(target, 'old');
  // @ts-expect-error no such data is allowed
  await expect(writeFile(target, data)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  // @ts-expect-error no such data is allowed
  expect(() => writeFileSync(target, data)).toThrow(/BAD_OPTION/);
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.bin']);
});

test('what is written with the handle is published as well', async () => {
  const target = makeTarget();
  const file = await open(target);
  await file.write('one,');
  await file.handle.write('two,');
  await file.write('three');
  await file.handle.truncate(8);
  await file.commit();
  expect(fs.readFileSync(target, 'utf8')).toBe('one,two,');
});

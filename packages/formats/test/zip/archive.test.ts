import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';

import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { Archive, ArchiveWriter } from '@x/formats/zip';
import { expect, test, vi } from 'vitest';

async function archiveOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const sink = new MemorySink();
  const writer = new ArchiveWriter(sink, 'zipped');
  for (const [name, text] of Object.entries(files)) await writer.add(name, text);
  await writer.finish();
  return Buffer.from(sink.bytes);
}

async function read(bytes: Uint8Array, name: string): Promise<string> {
  const archive = await Archive.open(new MemorySource(bytes), 'zipped');
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const large = Array.from({ length: 200_000 }, (_, i) => `line ${i}\n`).join('');
const files = { 'a.txt': 'first', 'folder/Ünï.xml': '<x/>', 'large.txt': large, 'none.txt': '' };

test('files are there again, by their names in any case', async () => {
  const bytes = await archiveOf(files);
  for (const [name, text] of Object.entries(files)) expect(await read(bytes, name)).toBe(text);
  expect(await read(bytes, 'A.TXT')).toBe('first');
  const archive = await Archive.open(new MemorySource(bytes), 'zipped');
  expect([archive.has('folder/ünï.xml'), archive.has('b.txt')]).toEqual([true, false]);
  expect([archive.sizeOf('a.txt'), archive.sizeOf('b.txt')]).toEqual([5, 0]);
  await expect(read(bytes, 'b.txt')).rejects.toMatchObject({ code: 'CORRUPT', format: 'zipped' });
});

test('the same files are the same bytes', async () => {
  expect(await archiveOf(files)).toEqual(await archiveOf(files));
});

/** Changes the bytes behind a signature, of which there are several. */
function changed(bytes: Buffer, signature: number, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(signature);
  copy[copy.indexOf(mark) + offset] = value;
  return copy;
}

const entry = 0x0201_4b50;

test.each([
  ['another checksum', 16, 0, 'CORRUPT'],
  ['a smaller size', 24, 1, 'CORRUPT'],
  ['a larger size', 24, 200, 'CORRUPT'],
  ['another place', 42, 9, 'CORRUPT'],
  ['another method', 10, 12, 'UNSUPPORTED'],
  ['a password', 8, 9, 'UNSUPPORTED'],
])('%s in the directory', async (_, offset, value, code) => {
  const bytes = changed(await archiveOf({ 'a.txt': 'first' }), entry, offset, value);
  await expect(read(bytes, 'a.txt')).rejects.toMatchObject({ code, format: 'zipped' });
});

test('a name that is there twice', async () => {
  const bytes = await archiveOf({ 'a.txt': '1', 'A.txt': '2' });
  await expect(read(bytes, 'a.txt')).rejects.toMatchObject({
    code: 'CORRUPT',
    problem: expect.stringContaining('twice'),
  });
});

test('an archive that is cut off anywhere, or is none', async () => {
  const bytes = await archiveOf({ 'a.txt': 'first' });
  for (let length = 2; length < bytes.length; length++) {
    await expect(read(bytes.subarray(0, length), 'a.txt')).rejects.toMatchObject({ code: 'TRUNCATED' });
  }
  await expect(read(Buffer.from('id,name\n1,Ada\n'), 'a.txt')).rejects.toMatchObject({ code: 'CORRUPT' });
});

test('data that are damaged, small and large', async () => {
  const bytes = await archiveOf(files);
  for (const name of ['a.txt', 'large.txt']) {
    const at = bytes.indexOf(name) + name.length + 3;
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 0xff;
    await expect(read(damaged, name)).rejects.toMatchObject({ code: 'CORRUPT' });
  }
});

test('a workbook of Excel 97, or one with a password', async () => {
  const bytes = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000)]);
  await expect(read(bytes, 'a')).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    hint: expect.stringContaining('.zipped'),
  });
});

test('an error of the source comes through as it is', async () => {
  const source = new MemorySource(await archiveOf({ 'a.txt': large }));
  const archive = await Archive.open(source, 'zipped');
  const failure = new Error('disk');
  source.readAt = () => Promise.reject(failure);
  await expect(archive.read('a.txt').next()).rejects.toBe(failure);
});

interface Engine {
  readonly destroyed: boolean;
  _transform(): void;
}

/** Streams of `node:zlib` that the work has used, and left open. */
async function enginesLeft(work: () => Promise<unknown>): Promise<number> {
  const spies = [zlib.DeflateRaw, zlib.InflateRaw].map(({ prototype }) => {
    return vi.spyOn(prototype as unknown as Engine, '_transform');
  });
  await work();
  const used = new Set(spies.flatMap(({ mock }) => mock.contexts as Engine[]));
  for (const spy of spies) spy.mockRestore();
  expect(used.size).toBeGreaterThan(0);
  return [...used].filter(({ destroyed }) => !destroyed).length;
}

test('engines are closed, also where a file is not read or written to its end', async () => {
  const bytes = await archiveOf(files);
  const archive = await Archive.open(new MemorySource(bytes), 'zipped');
  const leave = async () => {
    for await (const _ of archive.read('large.txt')) break;
  };
  expect(await enginesLeft(leave)).toBe(0);
  const damaged = Buffer.from(bytes).fill(0xff, bytes.length / 2, bytes.length / 2 + 100);
  expect(await enginesLeft(() => read(damaged, 'large.txt').catch(() => 0))).toBe(0);
  expect(await enginesLeft(() => archiveOf(files))).toBe(0);

  const refusing = async () => {
    const writer = new ArchiveWriter({ write: () => Promise.reject(new Error('full')) }, 'zipped');
    writer.begin('a');
    await expect(writer.write(randomBytes(1_000_000))).rejects.toThrow('full');
    writer.discard();
  };
  expect(await enginesLeft(refusing)).toBe(0);
});

import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { CodecError } from '@x/codecs';
import { listZipEntries, readZipEntry, writeZipEntry } from '@x/codecs/zip';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ZipFile } from 'yazl';

import { directory } from '../src/zip/records.ts';
import { chunked, failureOf, noise, outcomeOf, text } from './samples.ts';

const content = text(300_000);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A zip file made by somebody else, with these files; what ends with `/` is a folder. */
async function zipOf(files: Record<string, Uint8Array>, compress = true): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files)) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name);
    else zip.addBuffer(Buffer.from(bytes), name, { compress, mtime: new Date(2024, 0, 31, 12) });
  }
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const read = async (zip: Parameters<typeof readZipEntry>[0], name?: string): Promise<Buffer> =>
  Buffer.from(await readZipEntry(zip, name).bytes());
const directoryAt = (zip: Buffer): number => zip.readUInt32LE(zip.length - 6);
const edited = (zip: Buffer, edit: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(zip);
  edit(bytes);
  return bytes;
};

describe('reading', () => {
  test('lists entries', async () => {
    const zip = await zipOf({ 'data/': Buffer.alloc(0), 'data/a.csv': content, 'b é.txt': Buffer.from('b') });
    const entries = await listZipEntries(zip);
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['data/', 0],
      ['data/a.csv', content.length],
      ['b é.txt', 1],
    ]);
    expect(entries[1]).toMatchObject({ method: 8, encrypted: false, modified: new Date(2024, 0, 31, 12) });
    expect(entries[1]!.packedSize).toBeLessThan(content.length);
  });

  test('one entry by its name, from bytes, a path and a URL', async () => {
    const zip = await zipOf({ 'a.csv': content, 'b.csv': Buffer.from('other') });
    const path = join(folder, 'two.zip');
    await writeFile(path, zip);
    for (const source of [zip, path, pathToFileURL(path)]) {
      expect((await read(source, 'a.csv')).equals(content)).toBe(true);
      expect((await read(source, 'b.csv')).toString()).toBe('other');
    }
  });

  test('the only file needs no name; several do', async () => {
    expect((await read(await zipOf({ 'd/': Buffer.alloc(0), 'd/a.csv': content }))).equals(content)).toBe(
      true,
    );
    const two = await zipOf({ 'a.csv': content, 'b.csv': content });
    await expect(read(two)).rejects.toMatchObject({ code: 'BAD_OPTION', hint: 'There are a.csv, b.csv' });
    await expect(read(two, 'c.csv')).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: 'zip: there is no c.csv. There are a.csv, b.csv',
    });
  });

  test('a stored entry', async () => {
    expect((await read(await zipOf({ a: noise(100_000) }, false), 'a')).equals(noise(100_000))).toBe(true);
  });

  test('the counts are those of the entry', async () => {
    const zip = await zipOf({ a: content });
    const [entry] = await listZipEntries(zip);
    const stream = readZipEntry(zip);
    await stream.bytes();
    expect(stream.stats).toEqual({ bytesIn: entry!.packedSize, bytesOut: content.length, members: 1 });
  });
});

/** Descriptors of this process on that file, as Linux tells them. */
function heldBy(path: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      // The descriptor that has read the folder is gone.
      return false;
    }
  });
}

/** Reads that come to no end; after each of them, nobody holds the file. */
describe('lets go of its file', () => {
  const cases: Record<string, (path: string) => Promise<unknown>> = {
    'that is no zip file': (path) => failureOf(read(path.replace('.zip', '.csv'))),
    'that is cut': (path) => failureOf(read(path.replace('.zip', '.cut'))),
    'with more entries than allowed': (path) =>
      failureOf(readZipEntry(path, 'a.csv', { limits: { entries: 0 } }).bytes()),
    'where the entry is not there': (path) => failureOf(read(path, 'b.csv')),
    'where a limit is no limit': (path) =>
      failureOf(readZipEntry(path, 'a.csv', { limits: { ratio: -1 } }).bytes()),
    'where the content is too long': (path) =>
      failureOf(readZipEntry(path, 'a.csv', { limits: { outputBytes: 1 } }).bytes()),
    'that is left before it is read': async (path) => {
      await readZipEntry(path)[Symbol.asyncIterator]().return?.();
    },
    'that is left after a piece': async (path) => {
      for await (const _ of readZipEntry(path)) break;
    },
    'as a stream that is destroyed': async (path) => {
      const stream = readZipEntry(path).toNode();
      await once(stream, 'readable');
      stream.destroy();
    },
  };

  test.for(Object.entries(cases))('%s', async ([name, leave]) => {
    const zip = await zipOf({ 'a.csv': noise(1_000_000) });
    const path = join(folder, `${name}.zip`);
    const names = ['.zip', '.cut', '.csv'].map((extension) => join(folder, `${name}${extension}`));
    await writeFile(names[0]!, zip);
    await writeFile(names[1]!, zip.subarray(0, 1000));
    await writeFile(names[2]!, content);
    await leave(path);
    await vi.waitFor(() => expect(names.flatMap(heldBy)).toEqual([]));
  });

  test('at an abort, whenever it comes', async () => {
    const path = join(folder, 'aborted.zip');
    await writeFile(path, await zipOf({ 'a.csv': noise(1_000_000) }));
    for (let turns = 0; turns < 60; turns++) {
      const controller = new AbortController();
      const whole = outcomeOf(readZipEntry(path, 'a.csv', { signal: controller.signal }).bytes());
      for (let i = 0; i < turns; i++) await turn();
      controller.abort();
      await whole;
      await vi.waitFor(() => expect(heldBy(path), `after ${turns} turns`).toEqual([]));
    }
  });
});

describe('damage', () => {
  test('a cut anywhere is an error', async () => {
    const zip = await zipOf({ 'a.csv': content.subarray(0, 300) });
    for (let length = 0; length < zip.length; length++) {
      const error = await failureOf(read(zip.subarray(0, length)));
      expect(error, `${length} bytes`).toBeInstanceOf(CodecError);
      expect((error as CodecError).code, `${length} bytes`).toMatch(/TRUNCATED|CORRUPT/);
    }
  });

  test('a flipped bit never gives other content', async () => {
    const small = content.subarray(0, 300);
    const zip = await zipOf({ 'a.csv': small });
    const surprises: string[] = [];
    for (let offset = 0; offset < zip.length; offset++) {
      for (let bit = 0; bit < 8; bit++) {
        const outcome = await outcomeOf(read(edited(zip, (bytes) => void (bytes[offset]! ^= 1 << bit))));
        if (outcome instanceof CodecError || (outcome instanceof Buffer && outcome.equals(small))) continue;
        surprises.push(
          `bit ${bit} of byte ${offset}: ${outcome instanceof Error ? outcome.message : 'other content'}`,
        );
      }
    }
    expect(surprises).toEqual([]);
  });

  test('an error names file, entry and cause', async () => {
    const path = join(folder, 'damaged.zip');
    await writeFile(
      path,
      edited(await zipOf({ 'a.csv': content }), (bytes) => void (bytes[30 + 'a.csv'.length] = 0x07)),
    );
    const error = (await failureOf(read(path, 'a.csv'))) as CodecError;
    expect(error).toMatchObject({ code: 'CORRUPT', codec: 'zip', path, cause: expect.anything() as unknown });
    expect(error.message).toContain('a.csv: ');
  });

  test('length and CRC-32 of the directory are compared', async () => {
    const zip = await zipOf({ a: content });
    const field = (offset: number, change: number): Buffer =>
      edited(zip, (bytes) => {
        const at = directoryAt(zip) + offset;
        bytes.writeUInt32LE((bytes.readUInt32LE(at) + change) >>> 0, at);
      });
    await expect(read(field(16, 1))).rejects.toMatchObject({ code: 'CHECKSUM' });
    await expect(read(field(24, 1))).rejects.toMatchObject({ code: 'CORRUPT' });
    await expect(read(field(24, -1))).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test('what is no zip file, or not there', async () => {
    await expect(read(Buffer.from('id,name\n1,Alice\n'))).rejects.toBeInstanceOf(CodecError);
    await expect(read(join(folder, 'none.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('refuses', () => {
  test('an encrypted entry', async () => {
    const zip = await zipOf({ a: content });
    const encrypted = edited(zip, (bytes) => void (bytes[directoryAt(zip) + 8]! |= 1));
    expect((await listZipEntries(encrypted))[0]).toMatchObject({ encrypted: true });
    await expect(read(encrypted)).rejects.toMatchObject({ code: 'UNAVAILABLE', problem: 'a is encrypted' });
  });

  test('a method that is not supported, by name', async () => {
    const zip = await zipOf({ a: content });
    const deflate64 = edited(zip, (bytes) => void (bytes[directoryAt(zip) + 10] = 9));
    await expect(read(deflate64)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      problem: 'a is compressed with Deflate64',
    });
  });

  test('a bomb, at its limits', async () => {
    const zip = await zipOf({ a: Buffer.alloc(30_000_000) });
    for (const limits of [{ outputBytes: 2_000_000 }, { ratio: 20 }]) {
      const error = (await failureOf(readZipEntry(zip, 'a', { limits }).bytes())) as CodecError;
      expect(error).toMatchObject({ code: 'LIMIT', codec: 'zip' });
      expect(error.bytesOut).toBeLessThan(4_000_000);
    }
  });

  test('more entries than limits.entries', async () => {
    const zip = await zipOf({ a: content, b: content });
    await expect(listZipEntries(zip, { limits: { entries: 1 } })).rejects.toMatchObject({ code: 'LIMIT' });
  });

  test('two entries of one name, and a header that contradicts the directory', async () => {
    const zip = await zipOf({ a: content, b: content });
    const nameAt = zip.lastIndexOf('b');
    const twice = edited(zip, (bytes) => void (bytes[nameAt] = 'a'.charCodeAt(0)));
    await expect(read(twice, 'a')).rejects.toMatchObject({ problem: 'there are several entries called a' });
    const renamed = edited(zip, (bytes) => void (bytes[nameAt] = 'c'.charCodeAt(0)));
    await expect(read(renamed, 'c')).rejects.toMatchObject({
      problem: expect.stringMatching(/contradicts/) as string,
    });
  });
});

describe('writing', () => {
  test.each([0, 1, 300_000, 2_500_000])('%i bytes come back', async (size) => {
    const zip = await writeZipEntry(chunked(text(size), 100_000), 'data/a.csv').bytes();
    expect((await listZipEntries(zip)).map(({ name, size: length }) => [name, length])).toEqual([
      ['data/a.csv', size],
    ]);
    expect((await read(zip)).equals(text(size))).toBe(true);
  });

  test('bytes depend on content, name and level alone', async () => {
    const one = await writeZipEntry(chunked(text(3_000_000), 70_000), 'a', { threads: 1 }).bytes();
    const other = await writeZipEntry(text(3_000_000), 'a', { threads: 2 }).bytes();
    expect(Buffer.compare(one, other)).toBe(0);
    const best = await writeZipEntry(text(3_000_000), 'a', { level: 'best' }).bytes();
    expect(best.length).toBeLessThan(one.length);
  });

  test.each(['', '/a', 'a/../b', '..', 'a//b', 'a/', String.raw`a\b`, 'C:a', 'a\0b'])(
    'refuses the name %j',
    (name) => {
      expect(() => writeZipEntry(content, name)).toThrow(/cannot be called/);
    },
  );

  test('an error of the source comes out unchanged', async () => {
    const problem = new Error('the disk is on fire');
    async function* failing(): AsyncGenerator<Uint8Array, void> {
      yield content;
      throw problem;
    }
    expect(await failureOf(writeZipEntry(failing(), 'a').bytes())).toBe(problem);
  });

  test('a directory beyond 4 GiB is zip64', async () => {
    const path = join(folder, 'large.zip');
    const offset = 6_000_000_000;
    const facts = { name: Buffer.from('a'), crc: 1, size: 5_000_000_000, packedSize: 4_999_000_000 };
    const bytes = directory(facts, offset);
    const file = await open(path, 'w');
    await file.write(bytes, 0, bytes.length, offset);
    await file.close();
    expect(await listZipEntries(path)).toMatchObject([
      { name: 'a', size: facts.size, packedSize: facts.packedSize, crc: 1 },
    ]);
  });
});

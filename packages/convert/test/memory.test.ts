import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

import { listInstalledFormats } from '@x/convert';

import { writeData } from '../../formats/bench/data.ts';
import { growthOf, peakOf } from './peak-memory.ts';
import { test } from './scratch.ts';

const MB = 1e6;
/** `X_MEMORY_TEST_MB=1000` is the long form. */
const largeMB = Number(process.env['X_MEMORY_TEST_MB'] ?? 120);

async function writeCsv(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w');
  let row = 0;
  let written = await file.write('id,customer,note,amount\n').then((done) => done.bytesWritten);
  while (written < bytes) {
    let text = '';
    for (let i = 0; i < 10_000; i += 1) {
      row += 1;
      text += `${row},Zoë Müller ${row % 977},"a ""note"",\nof two lines",${row % 1000}.${row % 89}\n`;
    }
    written += (await file.write(text)).bytesWritten;
  }
  await file.close();
}

test(`memory stays flat: ${largeMB} MB take hardly more than 30 MB`, async ({ folder }) => {
  const [small, large] = [join(folder, 'small.csv'), join(folder, 'large.csv')];
  await writeCsv(small, 30 * MB);
  await writeCsv(large, largeMB * MB);
  const smallPeak = await peakOf(small, join(folder, 'small.jsonl'));
  const largePeak = await peakOf(large, join(folder, 'large.jsonl'));
  console.log(
    `peak: ${Math.round(smallPeak / MB)} MB for 30 MB, ${Math.round(largePeak / MB)} MB for ${largeMB} MB`,
  );
  expect((await stat(join(folder, 'large.jsonl'))).size).toBeGreaterThan(largeMB * MB);
  // What a heap keeps before it collects varies by some tens of megabytes. The input grows by more.
  expect(largePeak - smallPeak).toBeLessThan(60 * MB);
}, 600_000);

test('a record of 100 MB is held a few times, with maxRecordBytes raised, and comes out whole', async ({
  folder,
}) => {
  const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl')];
  const file = await open(source, 'w');
  await file.write('id,text\n1,"');
  for (let written = 0; written < 100; written += 1) await file.write(Buffer.alloc(MB, 'x'));
  await file.write('"\n2,y\n');
  await file.close();
  const peak = await peakOf(source, target, { durability: 'none', from: { maxRecordBytes: 200 * MB } });
  console.log(`peak: ${Math.round(peak / MB)} MB for a record of 100 MB`);
  expect(peak).toBeLessThan(1200 * MB);
  const [head, last] = ['{"id":"1","text":"', '"}\n{"id":"2","text":"y"}\n'];
  const written = await readFile(target);
  expect(written.length).toBe(head.length + 100 * MB + last.length);
  expect(written.subarray(-last.length).toString()).toBe(last);
});

/** In these, a group of rows, or pages of a database, is as large as these files. */
const inGroups = new Set(['parquet', 'arrow', 'arrow-stream', 'sqlite']);
const streamed = (await listInstalledFormats()).filter(({ name, write }) => write && !inGroups.has(name));

/** Megabytes of the tables. YAML takes a second for two, and many times their memory. */
const sizesOf = (name: string): readonly [small: number, large: number] =>
  name === 'yaml' ? [2, 6] : [6, 24];

const withTables = test.extend('tables', { scope: 'file' }, ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'tables-'));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  const made = new Map<number, string>();
  return (size: number): string => {
    const path = made.get(size) ?? join(folder, `${size}.jsonl`);
    if (!made.has(size)) writeData('orders.jsonl', path, size * MB);
    made.set(size, path);
    return path;
  };
});

withTables.for(streamed)(
  'memory stays flat from and to $name, with a small heap',
  async ({ name, extensions }, { folder, tables }) => {
    const filesOf = (size: number) => ({
      table: tables(size),
      file: join(folder, `${size}${extensions[0]}`),
      text: join(folder, `${size}.csv`),
    });
    const [small, large] = sizesOf(name);
    const grown = await growthOf(name, filesOf(small), filesOf(large));
    for (const size of [small, large]) {
      expect((await stat(filesOf(size).text)).size).toBeGreaterThan((size * MB) / 3);
    }
    console.log(`${name}: ${inMB(grown.written)} more when written, ${inMB(grown.read)} when read`);
    expect(Math.max(grown.written, grown.read)).toBeLessThan(14 * MB);
  },
);

const inMB = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;

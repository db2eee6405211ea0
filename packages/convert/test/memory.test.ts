import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import { listInstalledFormats } from '@x/convert';

import { writeData } from '../../formats/bench/data.ts';
import { peakOf, peaksOf, smallHeap } from './peak-memory.ts';
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
}, 120_000);

/** In these, a group of rows, or pages of a database, is as large as these files. */
const inGroups = new Set(['parquet', 'arrow', 'arrow-stream', 'sqlite']);
const streamed = (await listInstalledFormats()).filter(({ name, write }) => write && !inGroups.has(name));

test.for(streamed)(
  'memory stays flat from and to $name, with a small heap',
  async ({ name, extensions }, { folder }) => {
    // YAML takes a second for two megabytes, and many times their memory.
    const sizes = (name === 'yaml' ? [2, 6] : [6, 40]).map((size) => size * MB);
    const [table, file, text] = ['table.jsonl', `table${extensions[0]}`, 'table.csv'].map((path) =>
      join(folder, path),
    );
    const peaks: { written: number; read: number }[] = [];
    for (const size of sizes) {
      writeData('orders.jsonl', table!, size);
      peaks.push(await peaksOf(name, { table: table!, file: file!, text: text! }, smallHeap));
      expect((await stat(text!)).size).toBeGreaterThan(size / 3);
    }
    const grown = (['written', 'read'] as const).map((work) => {
      const [small, large] = peaks.map((peak) => peak[work]);
      console.log(`${work}: ${Math.round(small! / MB)} MB, then ${Math.round(large! / MB)} MB`);
      return large! - small!;
    });
    expect(Math.max(...grown)).toBeLessThan(20 * MB);
  },
);

/**
 * memory.ts [FORMAT…] [--small MB] [--large MB] [--usual-heap]: whether memory stays flat as the input grows.
 * Each format is written from JSON Lines of two sizes, and read into CSV, each in a process of its own, whose peak
 * resident memory is given in MB. `held` is what a further byte of the format's file takes. So that it is not garbage,
 * the heap is small; the usual one of Node.js grows for a while whatever is done.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { listFormats, listInstalledFormats } from '@x/convert';

import { writeData } from '../../formats/bench/data.ts';
import { peaksOf, smallHeap } from '../test/peak-memory.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: 'string', default: '20' },
    large: { type: 'string', default: '100' },
    'usual-heap': { type: 'boolean', default: false },
  },
});
const MB = 1e6;
const sizes = [options.small, options.large].map((size) => Number(size) * MB);
const folder = mkdtempSync(join(tmpdir(), 'memory-'));
const nodeArgs = options['usual-heap'] ? [] : smallHeap;
const inMB = (values: readonly number[]): string =>
  values.map((value) => (value / MB).toFixed(0).padStart(4)).join(' and ');

console.log(`Node.js ${process.version}, from JSON Lines of ${options.small} and ${options.large} MB`);
try {
  const tables = sizes.map((_, i) => join(folder, `${i}.jsonl`));
  for (const [i, path] of tables.entries()) writeData('orders.jsonl', path, sizes[i]!);
  for (const { name, extensions, write } of [...listFormats(), ...(await listInstalledFormats())]) {
    if (!write || (positionals.length > 0 && !positionals.includes(name))) continue;
    const [file, text] = [`table${extensions[0]}`, 'table.csv'].map((path) => join(folder, path));
    const [peaks, bytes]: [{ written: number; read: number }[], number[]] = [[], []];
    for (const table of tables) {
      peaks.push(await peaksOf(name, { table, file: file!, text: text! }, nodeArgs));
      bytes.push(statSync(file!).size);
    }
    for (const work of ['written', 'read'] as const) {
      const found = peaks.map((peak) => peak[work]);
      const held = (found[1]! - found[0]!) / (bytes[1]! - bytes[0]!);
      const what = `${name} ${work}`.padEnd(19);
      console.log(`${what} ${inMB(found)} MB for ${inMB(bytes)} MB, held ${held.toFixed(2).padStart(5)}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

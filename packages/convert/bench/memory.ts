/**
 * memory.ts [FORMAT…] [--small MB] [--large MB] [--usual-heap]: whether memory stays flat as the input grows.
 * Each format is written from JSON Lines of two sizes, and read into CSV, each in a process of its own, whose peak
 * resident memory is given in MB. `held` is what a further byte of the format's file takes. So that it is not garbage,
 * the heap is small; the usual one of Node.js grows for a while whatever is done.
 */
import { rmSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { listFormats, listInstalledFormats } from '@x/convert';

import { writeData } from '../../formats/bench/data.ts';
import { peakOf, smallHeap } from '../test/peak-memory.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: 'string', default: '20' },
    large: { type: 'string', default: '100' },
    'usual-heap': { type: 'boolean', default: false },
  },
});
const MB = 1e6;
const nodeArgs = options['usual-heap'] ? [] : smallHeap;
const folder = mkdtempSync(join(tmpdir(), 'memory-'));

/** Converts each of two files, and says what that took. */
async function report(
  what: string,
  from: readonly string[],
  to: readonly string[],
  files: readonly string[],
): Promise<void> {
  const start = performance.now();
  const peaks: number[] = [];
  for (const [i, path] of from.entries()) {
    peaks.push(await peakOf(path, to[i]!, { durability: 'none' }, nodeArgs));
  }
  const sizes = files.map((path) => statSync(path).size);
  const held = (peaks[1]! - peaks[0]!) / (sizes[1]! - sizes[0]!);
  const inMB = (values: readonly number[]): string =>
    values.map((value) => (value / MB).toFixed(0).padStart(4)).join(' and ');
  console.log(
    `${what.padEnd(19)} ${inMB(peaks)} MB for ${inMB(sizes)} MB, held ${held.toFixed(2).padStart(5)}, ` +
      `${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
}

console.log(`Node.js ${process.version}, from JSON Lines of ${options.small} and ${options.large} MB`);
try {
  const tables = [options.small, options.large].map((size) => join(folder, `${size}.jsonl`));
  writeData('orders.jsonl', tables[0]!, Number(options.small) * MB);
  writeData('orders.jsonl', tables[1]!, Number(options.large) * MB);
  for (const { name, extensions, write } of [...listFormats(), ...(await listInstalledFormats())]) {
    if (!write || (positionals.length > 0 && !positionals.includes(name))) continue;
    const files = [0, 1].map((i) => join(folder, `${i}${extensions[0]}`));
    const texts = files.map((path) => `${path}.csv`);
    await report(`${name} written`, tables, files, files);
    await report(`${name} read`, files, texts, files);
    for (const path of [...files, ...texts]) rmSync(path);
  }
} finally {
  rmSync(folder, { recursive: true });
}

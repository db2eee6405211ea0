/**
 * run.ts [small|durability|stream] [--rounds N] [--megabytes N] [--directory PATH]: compares this package with
 * others that do the same work, in one run. Figures are medians; × is the ratio to the first line.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { benchDurability } from './durability.ts';
import { benchSmallFiles } from './small-files.ts';
import { benchStream } from './stream.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '15' },
    megabytes: { type: 'string', default: '1000' },
    directory: { type: 'string', default: os.tmpdir() },
  },
});
const rounds = Number(values.rounds);
const directory = fs.mkdtempSync(path.join(values.directory, 'atomic-fs-bench-'));
const wanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);

console.log(`Node.js ${process.version}, ${os.type()} ${os.release()}, ${os.availableParallelism()} cores`);
try {
  if (wanted('small')) await benchSmallFiles(directory, rounds);
  if (wanted('durability')) await benchDurability(directory, rounds);
  if (wanted('stream'))
    await benchStream(directory, Number(values.megabytes), Math.max(3, Math.round(rounds / 3)));
} finally {
  fs.rmSync(directory, { recursive: true });
}

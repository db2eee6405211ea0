import { execFile } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { test } from './scratch.ts';

const program = join(import.meta.dirname, 'fixtures/convert-once.mjs');
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

/** Peak resident memory, in bytes, of a process that does one conversion. */
async function peakOf(source: string, target: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...childNodeArgs, program, source, target]);
  return Number(stdout);
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

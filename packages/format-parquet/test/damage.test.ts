// Damage: a file with a few wrong bytes is read or refused with an error of ours. It never takes long or much memory, and
// where the pages have checksums it never gives other values.
import { readdir, readFile } from 'node:fs/promises';

import { csv, FormatError, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';
import { describe, expect, test } from 'vitest';

import { readFooter } from '../src/read/footer.ts';
import { Pages } from '../src/read/pages.ts';

const folder = new URL('fixtures/', import.meta.url);

/** Numbers below a bound, the same at every run (a linear congruential generator). */
function diceOf(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** How many rows there are, or the code of the error. What else is thrown goes through. */
async function outcome(file: Uint8Array): Promise<string> {
  let rows = 0;
  try {
    for await (const batch of parquet().createReader(new MemorySource(file))) {
      for (const values of batch.rows()) rows += values.length > 0 ? 1 : 0;
    }
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
  return `${rows} rows`;
}

const files = (await readdir(folder, { recursive: true }))
  .filter((name) => name.endsWith('.parquet') && !name.includes('large_string_map'))
  .toSorted();

/** More of them: X_FUZZ_ROUNDS=5000 pnpm exec vitest run test/damage.test.ts */
const rounds = Number(process.env['X_FUZZ_ROUNDS'] ?? 120);

describe('a few bytes are others', () => {
  test.each(files.filter((name) => !name.includes('/bad/')))(
    '%s',
    { timeout: 300_000 + 600 * rounds },
    async (name) => {
      const file = await readFile(new URL(name, folder));
      const footer = file.readUInt32LE(file.length - 8) + 8;
      const dice = diceOf(files.indexOf(name) + 1);
      const before = process.memoryUsage().rss;
      let most = 0;
      const seen = new Set<string>();
      for (let round = 0; round < rounds; round++) {
        const damaged = Buffer.from(file);
        // Half of the damage is to the metadata, which has more to go wrong.
        const [from, length] = round % 2 === 0 ? [4, file.length - 8] : [file.length - footer, footer - 8];
        for (let i = dice(3); i >= 0; i--) damaged[from + dice(Math.max(1, length))] = dice(256);
        seen.add(await outcome(damaged));
        most = Math.max(most, process.memoryUsage().rss - before);
      }
      expect(seen.size).toBeGreaterThan(1);
      expect(most).toBeLessThan(600 * 1024 * 1024);
    },
  );
});

test.each(files)('%s is refused wherever it is cut', async (name) => {
  const file = await readFile(new URL(name, folder));
  const step = Math.max(1, Math.floor(file.length / 150));
  for (let length = 0; length < file.length; length += step) {
    expect([length, await outcome(file.subarray(0, length))]).toEqual([
      length,
      expect.stringMatching(/^(?:TRUNCATED|CORRUPT)$/),
    ]);
  }
});

async function ownFile(): Promise<Buffer> {
  const sink = new MemorySink();
  const writer = parquet().createWriter(sink, { rowGroupSize: 400 });
  const lines = Array.from(
    { length: 1000 },
    (_, i) => `${i},${i * 7919},${i / 8},name ${i % 9},${i % 2 === 0}`,
  );
  const source = new MemorySource(Buffer.from(`id,large,part,name,flag\n${lines.join('\n')}\n`));
  for await (const batch of csv().createReader(source, { types: 'infer' })) await writer.write(batch);
  await writer.finish();
  return Buffer.from(sink.bytes);
}

async function valuesOf(file: Uint8Array): Promise<Value[][]> {
  const rows: Value[][] = [];
  for await (const batch of parquet().createReader(new MemorySource(file))) {
    for (const row of batch.rows()) rows.push([...row]);
  }
  return rows;
}

test('no byte of a page that is written here can be another without an error', async () => {
  const file = await ownFile();
  const source = new MemorySource(file);
  const { rowGroups } = await readFooter(source);
  const dice = diceOf(99);
  let checked = 0;
  for (const chunk of rowGroups.flatMap(({ columns }) => columns)) {
    const pages = new Pages(source, chunk, 2 ** 28);
    for (let page; (page = await pages.next()) !== undefined;) {
      for (let i = 0; i < 20; i++) {
        const at = page.byteOffset + dice(page.header.compressedSize);
        const right = file[at]!;
        file[at] = right ^ (1 << dice(8));
        const error = await valuesOf(file).then(String, (thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'CORRUPT', byteOffset: page.byteOffset });
        file[at] = right;
        checked++;
      }
    }
  }
  expect(checked).toBeGreaterThan(400);
});

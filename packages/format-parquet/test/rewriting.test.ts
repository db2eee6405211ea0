// What others have written goes from the reader to the writer as columns, without becoming rows on the way.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';

import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { askDuckDb, rowsOf } from './support/duckdb.ts';

const fixtures = fileURLToPath(new URL('fixtures/parquet-testing/', import.meta.url));
const hasZstd = 'zstdDecompressSync' in zlib;
const needZstd = new Set([
  'byte_stream_split.zstd.parquet',
  'delta_length_byte_array.parquet',
  'page_v2_empty_compressed.parquet',
]);
/** One of its moments is none of a Date. */
const unreadable = new Set(['int96_from_spark.parquet']);
const names = (await readdir(fixtures)).filter(
  (name) => name.endsWith('.parquet') && !unreadable.has(name) && (hasZstd || !needZstd.has(name)),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parquet-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function rewritten(file: Uint8Array): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = parquet().createWriter(sink, { compression: 'uncompressed' });
  const reader = parquet().createReader(new MemorySource(file));
  for await (const batch of reader) await writer.write(batch);
  await writer.finish(await reader.schema());
  return sink.bytes;
}

test.each(names)('%s has the same rows when it is written again', async (name) => {
  const file = await readFile(join(fixtures, name));
  expect(await rowsOf(await rewritten(file))).toEqual(await rowsOf(file));
});

test('integers of every width, signed and not, at both ends of their range', async () => {
  const widths = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 };
  const columns = Object.entries(widths).flatMap(([name, bits]) => {
    const [most, mostUnsigned] = [2n ** BigInt(bits - 1) - 1n, 2n ** BigInt(bits) - 1n];
    return [
      `unnest([${-most - 1n}, ${most}, 1, NULL]::${name}[]) AS ${name}`,
      `unnest([${mostUnsigned}, 0, 1, NULL]::u${name}[]) AS u${name}`,
      // All of them fit the signed type of as many bits.
      `unnest([5, 0, 1, NULL]::u${name}[]) AS small_u${name}`,
    ];
  });
  const path = join(folder, 'integers.parquet');
  await askDuckDb(`COPY (SELECT ${columns.join(', ')}) TO '${path}' (FORMAT parquet)`);
  const expected = await askDuckDb(`FROM '${path}'`);
  expect(expected).toHaveLength(4);
  const file = await readFile(path);
  expect(await rowsOf(file)).toEqual(expected);
  const again = join(folder, 'again.parquet');
  await writeFile(again, await rewritten(file));
  expect(await askDuckDb(`FROM '${again}'`)).toEqual(expected);
});

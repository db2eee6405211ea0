import { readdir, readFile } from 'node:fs/promises';
import * as zlib from 'node:zlib';

import { jsonl } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';
import { expect, test } from 'vitest';

const folder = new URL('fixtures/duckdb/', import.meta.url);

async function asJson(file: Uint8Array): Promise<string> {
  const sink = new MemorySink();
  const writer = jsonl().createWriter(sink);
  for await (const batch of parquet().createReader(new MemorySource(file))) await writer.write(batch);
  await writer.finish();
  return Buffer.from(sink.bytes).toString();
}

// Written by DuckDB 1.5 in all its codecs and both versions of pages, with the same rows.
const names = (await readdir(folder)).filter((name) => name.endsWith('.parquet'));
const expected = await readFile(new URL('rows.jsonl', folder), 'utf8');

const hasZstd = 'zstdDecompressSync' in zlib;

test.each(names.filter((name) => hasZstd || name !== 'zstd.parquet'))(
  '%s is read, every type of it',
  async (name) => {
    expect(await asJson(await readFile(new URL(name, folder)))).toBe(expected);
  },
);

test.skipIf(hasZstd)('zstd is refused, with what to do, where Node.js lacks it', async () => {
  const file = await readFile(new URL('zstd.parquet', folder));
  await expect(asJson(file)).rejects.toMatchObject({ code: 'UNAVAILABLE', hint: expect.any(String) });
});

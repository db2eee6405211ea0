// Other people's reader, writer and file. hyparquet is in JavaScript; DuckDB's files are in fixtures.test.ts.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as zlib from 'node:zlib';

import { csv, rowObjects, type Row, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';

async function rowsOf(file: Uint8Array): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of parquet().createReader(new MemorySource(file))) rows.push(...rowObjects(batch));
  return rows;
}

const asArrayBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const lines = Array.from({ length: 5000 }, (_, i) => {
  const name = i % 7 === 0 ? '' : `naïve "${i % 50}"`;
  return `${i},${i * 2 ** 40},${i / 8},${i % 3 === 0},"${name.replaceAll('"', '""')}",0${i % 10}`;
});

test.each(['snappy', 'uncompressed'] as const)('hyparquet reads what is written, %s', async (compression) => {
  const sink = new MemorySink();
  const writer = parquet().createWriter(sink, { compression, rowGroupSize: 1999 });
  const source = new MemorySource(Buffer.from(`id,large,part,flag,name,code\n${lines.join('\n')}\n`));
  for await (const batch of csv().createReader(source, { types: 'infer' })) await writer.write(batch);
  await writer.finish();
  const rows = await parquetReadObjects({ file: asArrayBuffer(sink.bytes) });
  expect(rows).toHaveLength(lines.length);
  for (const [i, row] of rows.entries()) {
    expect(row).toEqual({
      id: BigInt(i),
      large: BigInt(i) * 2n ** 40n,
      part: i / 8,
      flag: i % 3 === 0,
      name: i % 7 === 0 ? '' : `naïve "${i % 50}"`,
      code: `0${i % 10}`,
    });
  }
});

test('what hyparquet-writer writes is read', async () => {
  const columns: Record<string, Value[]> = {
    whole: [1, null, -3],
    large: [2n ** 62n, -(2n ** 60n), null],
    part: [0.1, -0.5, null],
    text: ['é', '', null],
    flag: [true, null, false],
    when: [new Date(0), null, new Date('2024-02-29T12:34:56.789Z')],
  };
  const file = parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, data]) => ({ name, data: data as unknown[] })),
  });
  const rows = await rowsOf(new Uint8Array(file));
  const expected = [0, 1, 2].map((i) =>
    Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, data[i]])),
  );
  expect(rows).toEqual(expected);
});

const hasZstd = 'zstdDecompressSync' in zlib;
const compressors = { ZSTD: (input: Uint8Array) => zlib.zstdDecompressSync(input) };

test.runIf(hasZstd)('three million flights of vega-datasets are read as hyparquet reads them', async () => {
  const path = join(import.meta.dirname, '../node_modules/vega-datasets/data/flights-3m.parquet');
  const bytes = await readFile(path);
  const file = await open(path);
  try {
    const source = {
      size: bytes.length,
      readAt: async (position: number, length: number) =>
        (await file.read(Buffer.alloc(length), 0, length, position)).buffer,
      [Symbol.asyncIterator]: () => file.createReadStream()[Symbol.asyncIterator](),
    };
    const [start, end] = [1_000_000, 1_002_000];
    const rows: Row[] = [];
    const reader = parquet().createReader(source, { skip: start, limit: end - start });
    for await (const batch of reader) rows.push(...rowObjects(batch));
    const theirs = await parquetReadObjects({
      file: asArrayBuffer(bytes),
      rowStart: start,
      rowEnd: end,
      compressors,
    });
    const plain = (row: object): object =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
      );
    expect(rows.map(plain)).toEqual(theirs.map(plain));
    let count = 0;
    for await (const { rowCount } of parquet().createReader(new MemorySource(bytes))) count += rowCount;
    expect(count).toBe(3_000_000);
  } finally {
    await file.close();
  }
});

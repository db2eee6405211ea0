// DuckDB and Polars read what is written here, and what they write of it is read again.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';

import { rowsBatch } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { parquet, type ParquetWriteOptions } from '@x/format-parquet';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { askDuckDb, bytesText, rowsOf } from './support/duckdb.ts';
import { columns, expected, rowCount, rows } from './support/table.ts';

const hasZstd = 'zstdCompressSync' in zlib;
const variants: readonly ParquetWriteOptions[] = [
  { compression: 'snappy' },
  { compression: 'uncompressed', rowGroupSize: 400 },
  ...(hasZstd ? [{ compression: 'zstd' } as const] : []),
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parquet-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function ownFile(options: ParquetWriteOptions): Promise<string> {
  const sink = new MemorySink();
  const writer = parquet().createWriter(sink, options);
  const schema = { columns: columns.map(({ name, type }) => ({ name, type })) };
  await writer.write(rowsBatch(schema, rows, 0));
  await writer.finish();
  const path = join(folder, `${options.compression}.parquet`);
  await writeFile(path, sink.bytes);
  return path;
}

describe.each(variants)('%j', (options) => {
  test('it is read here', async () => {
    expect(await rowsOf(await readFile(await ownFile(options)))).toEqual(expected);
  });

  test('DuckDB reads it, and what it writes of it is read', async () => {
    const path = await ownFile(options);
    expect(await askDuckDb(`SELECT * FROM '${path}'`)).toEqual(expected);
    const again = `${path}.duckdb`;
    await askDuckDb(
      `COPY (FROM '${path}') TO '${again}' (FORMAT parquet, PARQUET_VERSION V2, ROW_GROUP_SIZE 2048)`,
    );
    expect(await rowsOf(await readFile(again))).toEqual(expected);
  });

  // Text of JSON is bytes to it.
  const inPolars = expected.map((row) => {
    const { json = null } = row;
    return Object.assign({}, row, { json: typeof json === 'string' ? bytesText(Buffer.from(json)) : json });
  });

  test('Polars reads it, and what it writes of it is read', async () => {
    const frame = pl.readParquet(await ownFile(options));
    expect(frame.shape).toEqual({ height: rowCount, width: columns.length });
    for (const compression of [
      'snappy',
      'gzip',
      'lz4',
      'uncompressed',
      ...(hasZstd ? ['zstd'] : []),
    ] as const) {
      const again = join(folder, `polars-${compression}.parquet`);
      frame.writeParquet(again, { compression: compression as 'snappy' });
      expect([compression, await rowsOf(await readFile(again))]).toEqual([compression, inPolars]);
    }
  });
});

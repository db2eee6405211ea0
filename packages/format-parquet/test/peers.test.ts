// DuckDB and Polars read what is written here, and what they write of it is read again.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';

import { type Column, Decimal, rowsBatch, type Value } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { parquet, type ParquetWriteOptions } from '@x/format-parquet';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { askDuckDb, bytesText, rowsOf, told } from './support/duckdb.ts';

const timestamp = (unit: 'ms' | 'us' | 'ns', zoned: boolean) => ({ kind: 'timestamp', unit, zoned }) as const;
const item: Column[] = [
  { name: 'sku', type: { kind: 'string' } },
  { name: 'count', type: { kind: 'integer' } },
];

/** A column, and its value in a row. */
const columns: readonly (Column & { readonly of: (row: number) => Value })[] = [
  { name: 'id', type: { kind: 'integer' }, of: (i) => i },
  { name: 'large', type: { kind: 'integer' }, of: (i) => 2n ** 62n - BigInt(i) },
  { name: 'few', type: { kind: 'string' }, of: (i) => ['', 'Zoë', '東京', 'a "quoted", one\n'][i % 4] },
  { name: 'many', type: { kind: 'string' }, of: (i) => `${'é'.repeat(i % 30)} ${i * 7919}` },
  { name: 'double', type: { kind: 'float64' }, of: (i) => (i % 3 === 0 ? -i / 8 : i / 3) },
  {
    name: 'odd',
    type: { kind: 'float64' },
    of: (i) => [Number.NaN, Number.NEGATIVE_INFINITY, -0, 5e-324][i % 4],
  },
  { name: 'flag', type: { kind: 'boolean' }, of: (i) => i % 2 === 0 },
  { name: 'day', type: { kind: 'date' }, of: (i) => new Date((i - 500) * 86_400_000 * 30) },
  { name: 'ms', type: timestamp('ms', true), of: (i) => new Date(i * 999_999_999) },
  { name: 'us', type: timestamp('us', true), of: (i) => new Date(-i * 999_999_999) },
  { name: 'ns', type: timestamp('ns', false), of: (i) => new Date(i * 1e9 + 7) },
  { name: 'local', type: timestamp('us', false), of: (i) => new Date(i * 1e10) },
  {
    name: 'time',
    type: { kind: 'time', unit: 'us' },
    of: (i) => `12:34:${10 + (i % 50)}.000${100 + (i % 900)}`,
  },
  {
    name: 'price',
    type: { kind: 'decimal', precision: 12, scale: 2 },
    of: (i) => new Decimal(`${i - 50}.05`),
  },
  {
    name: 'wide',
    type: { kind: 'decimal', precision: 38, scale: 10 },
    of: (i) => new Decimal(`${i % 2 === 0 ? '-' : ''}1234567890123456789012345.00000${10_000 + i}`),
  },
  { name: 'bytes', type: { kind: 'binary' }, of: (i) => Buffer.of(i & 255, 0, 255) },
  {
    name: 'list',
    type: { kind: 'list', item: { kind: 'integer' } },
    of: (i) => [[], [i], [i, null, 3]][i % 3],
  },
  {
    name: 'struct',
    type: { kind: 'struct', fields: item },
    of: (i) => ({ sku: `s${i}`, count: i % 4 ? i : null }),
  },
  {
    name: 'items',
    type: { kind: 'list', item: { kind: 'struct', fields: item } },
    of: (i) => Array.from({ length: i % 4 }, (_, k) => ({ sku: k === 1 ? null : `s${k}`, count: k })),
  },
  {
    name: 'map',
    type: { kind: 'map', value: { kind: 'float64' } },
    of: (i) =>
      Object.fromEntries(Array.from({ length: i % 3 }, (_, k) => [`key ${k}`, k === 1 ? null : k / 2])),
  },
  { name: 'json', type: { kind: 'json' }, of: (i) => [{ a: [i, null] }, 'text', i / 2, [], false][i % 5] },
  { name: 'none', type: { kind: 'string' }, of: () => null },
];

const rowCount = 1500;
/** Every seventh value of a column is null, in each in other rows. */
const rows = Array.from({ length: rowCount }, (_, i) =>
  columns.map(({ of }, column) => (column > 0 && (i + column) % 7 === 0 ? null : of(i))),
);
const expected = rows.map((values) => {
  return Object.fromEntries(columns.map(({ name, type }, i) => [name, told(values[i], type)]));
});

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

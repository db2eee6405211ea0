import { csv, jsonl, rowsBatch, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { parquet, type ParquetWriteOptions } from '@x/format-parquet';
import { expect, test } from 'vitest';

/** Columns that go through each encoding: few and many different values, nulls, pages, row groups. */
const rows = Array.from({ length: 50_000 }, (_, i): Value[] => [
  i,
  i % 3 === 0 ? null : `city ${i % 11}`,
  i % 7 === 0 ? null : `unique ${(i * 7919) % 50_021} "quoted", é`,
  i % 5 === 0 ? null : (i * 7) / 8,
  i % 2 === 0,
  i % 4 === 0 ? null : i * 2 ** 36 + (i % 13),
]);
const schema = {
  columns: [
    { name: 'id', type: { kind: 'integer' } },
    { name: 'few', type: { kind: 'string' } },
    { name: 'many', type: { kind: 'string' } },
    { name: 'double', type: { kind: 'float64' } },
    { name: 'ok', type: { kind: 'boolean' } },
    { name: 'large', type: { kind: 'integer' } },
  ],
} as const;

async function parquetOf(options: ParquetWriteOptions): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = parquet().createWriter(sink, options);
  await writer.write(rowsBatch(schema, rows, 0));
  await writer.finish();
  return sink.bytes;
}

/** A Parquet file in another format, as its columns or as its rows. */
async function through(
  file: Uint8Array,
  format: ReturnType<typeof csv> | ReturnType<typeof jsonl> | ReturnType<typeof parquet>,
  asRows = false,
): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = format.createWriter(sink);
  for await (const batch of parquet().createReader(new MemorySource(file))) {
    await writer.write(asRows ? rowsBatch(batch.schema, [...batch.rows()], batch.firstRow) : batch);
  }
  await writer.finish();
  return sink.bytes;
}

const files: readonly ParquetWriteOptions[] = [
  {},
  { compression: 'uncompressed', rowGroupSize: 7001 },
  { rowGroupSize: 1234 },
];

test.each(files)('columns and rows of %j give the same CSV, JSONL and Parquet', async (options) => {
  const file = await parquetOf(options);
  for (const format of [csv(), jsonl(), parquet()]) {
    const columns = await through(file, format);
    const isSame = Buffer.compare(columns, await through(file, format, true)) === 0;
    expect([format.name, isSame]).toEqual([format.name, true]);
  }
  const found: (readonly Value[])[] = [];
  const again = await through(file, parquet());
  for await (const batch of parquet().createReader(new MemorySource(again))) found.push(...batch.rows());
  expect(found).toEqual(rows);
});

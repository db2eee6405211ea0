import { createHash } from 'node:crypto';

import { arrow, arrowStream, type ArrowWriteOptions } from '@x/format-arrow';
import {
  type BytesData,
  type Column,
  type ColumnData,
  csv,
  Decimal,
  jsonl,
  rowsBatch,
  type Value,
} from '@x/formats';
import { columnsBatch } from '@x/formats/columns';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { expect, test } from 'vitest';

import { rowsOf, written } from './memory.ts';

const rows = Array.from({ length: 20_000 }, (_, i): Value[] => [
  i,
  i % 3 === 0 ? null : `city ${i % 11}`,
  i % 5 === 0 ? null : (i * 7) / 8,
  i % 2 === 0,
  i % 4 === 0 ? null : i * 2 ** 36 + (i % 13),
  i % 7 === 0 ? null : Array.from({ length: i % 4 }, (__, k) => (k === 2 ? null : `item ${k}`)),
  i % 6 === 0 ? null : { x: i / 4, on: i % 3 === 0 ? null : i % 2 === 0 },
]);
const schema = {
  columns: [
    { name: 'id', type: { kind: 'integer' } },
    { name: 'few', type: { kind: 'string' } },
    { name: 'double', type: { kind: 'float64' } },
    { name: 'ok', type: { kind: 'boolean' } },
    { name: 'large', type: { kind: 'integer' } },
    { name: 'list', type: { kind: 'list', item: { kind: 'string' } } },
    {
      name: 'object',
      type: {
        kind: 'struct',
        fields: [
          { name: 'x', type: { kind: 'float64' } },
          { name: 'on', type: { kind: 'boolean' } },
        ],
      },
    },
  ],
} as const;

const arrowFormats = [arrow(), arrowStream()];

/** A file in another format, as its columns or as its rows, so many at a time. */
async function through(
  file: Uint8Array,
  format: ReturnType<typeof csv> | ReturnType<typeof jsonl> | ReturnType<typeof arrow>,
  asRows: boolean,
  batchSize: number,
): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = format.createWriter(sink);
  for await (const batch of arrow().createReader(new MemorySource(file), { batchSize })) {
    await writer.write(asRows ? rowsBatch(batch.schema, [...batch.rows()], batch.firstRow) : batch);
  }
  await writer.finish();
  return sink.bytes;
}

const files: readonly ArrowWriteOptions[] = [
  {},
  { recordBatchSize: 1234 },
  { compression: 'lz4', recordBatchSize: 7001 },
];

test.each(files)('columns and rows of %j give the same bytes, however they are batched', async (options) => {
  const file = await written(schema, rows, options);
  for (const format of [csv(), jsonl(), ...arrowFormats]) {
    const columns = await through(file, format, false, 50_000);
    for (const [asRows, batchSize] of [
      [true, 50_000],
      [false, 333],
      [true, 4097],
    ] as const) {
      const isSame = Buffer.compare(columns, await through(file, format, asRows, batchSize)) === 0;
      expect([format.name, asRows, batchSize, isSame]).toEqual([format.name, asRows, batchSize, true]);
    }
  }
  const again = await through(file, arrow(), false, 999);
  expect((await rowsOf(again)).rows).toEqual(rows);
});

test('text as it is read is text as it is written, where there is a dictionary as well', async () => {
  const texts = Array.from({ length: 5000 }, (_, i): Value[] => [i % 3 === 0 ? null : `word ${i % 17}`]);
  const column = { columns: [{ name: 'word', type: { kind: 'string' } as const }] };
  const plain = await written(column, texts);
  const { Dictionary, Int32, RecordBatchFileWriter, Table, Utf8, vectorFromArray } =
    await import('apache-arrow');
  const type = new Dictionary(new Utf8(), new Int32());
  const table = new Table({
    word: vectorFromArray(
      texts.map(([text]) => text),
      type,
    ),
  });
  const indexed = await RecordBatchFileWriter.writeAll(table).toUint8Array();
  expect(Buffer.compare(await through(indexed, arrow(), false, 700), plain)).toBe(0);
  expect(Buffer.compare(await through(indexed, arrow(), true, 700), plain)).toBe(0);
});

test("what lies behind a null is nobody's business", async () => {
  const columns: Column[] = [
    { name: 'whole', type: { kind: 'integer' } },
    { name: 'part', type: { kind: 'float64' } },
    { name: 'flag', type: { kind: 'boolean' } },
    { name: 'price', type: { kind: 'decimal', precision: 9, scale: 2 } },
    { name: 'text', type: { kind: 'string' } },
  ];
  const validity = Uint8Array.of(0b101);
  const data: ColumnData[] = [
    { kind: 'int64', values: BigInt64Array.of(1n, 99n, 3n), validity },
    { kind: 'float64', values: Float64Array.of(0.5, 99, 1.5), validity },
    { kind: 'boolean', values: Uint8Array.of(1, 1, 0), validity },
    { kind: 'int64', values: BigInt64Array.of(150n, 99n, 2n), validity },
    { kind: 'dictionary', indices: Uint32Array.of(0, 1, 0), dictionary: textsOf('a', 'hidden'), validity },
  ];
  const sink = new MemorySink();
  const writer = arrow().createWriter(sink);
  await writer.write(columnsBatch({ columns }, data, 3, 0));
  await writer.finish();
  const plain: Value[][] = [
    [1, 0.5, true, 1.5, 'a'],
    [null, null, null, null, null],
    [3, 1.5, false, new Decimal('0.02'), 'a'],
  ];
  expect(Buffer.compare(sink.bytes, await written({ columns }, plain))).toBe(0);

  // A file may have something there, too: of the texts ab, null and c, the null is given the c.
  const text = { columns: [columns[4]!] };
  const file = Buffer.from(await written(text, [['ab'], [null], ['c']]));
  const offsets = file.indexOf(Buffer.from(Int32Array.of(0, 2, 2, 3).buffer));
  file.writeInt32LE(3, offsets + 8);
  const read = await through(file, arrow(), false, 10);
  expect(Buffer.compare(read, await written(text, [['ab'], [null], ['']]))).toBe(0);
});

function textsOf(...all: string[]): BytesData {
  const bytes = Buffer.from(all.join(''));
  const offsets = Uint32Array.from([0, ...all.map((_, i) => all.slice(0, i + 1).join('').length)]);
  return { kind: 'bytes', offsets, bytes };
}

test('a record batch ends at 64 MiB, at the same row however rows are batched', async () => {
  const column = { columns: [{ name: 'b', type: { kind: 'binary' } as const }] };
  const large = Buffer.alloc(40 * 1024, 'x');
  const hashes: string[] = [];
  for (const size of [2500, 300]) {
    const hash = createHash('sha256');
    const writer = arrow().createWriter({ write: (chunk) => void hash.update(chunk) });
    for (let row = 0; row < 2500; row += size) {
      const count = Math.min(size, 2500 - row);
      await writer.write(
        rowsBatch(
          column,
          Array.from({ length: count }, () => [large]),
          row,
        ),
      );
    }
    await writer.finish();
    hashes.push(hash.digest('hex'));
  }
  expect(hashes[1]).toBe(hashes[0]);
});

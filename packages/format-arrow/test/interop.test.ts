// Other people's readers and writers. Files of Arrow C++ are in gold.test.ts.
import { readFile } from 'node:fs/promises';
import * as zlib from 'node:zlib';

import { Decimal, jsonl, type Schema, Timestamp, type Value } from '@x/formats';
import { MemorySink, MemorySource, rowsTold } from '@x/formats/contract-suite';
import { arrow } from '@x/format-arrow';
import {
  Bool,
  Dictionary,
  Int32,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema as ArrowSchema,
  Struct,
  Field,
  Table,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, test } from 'vitest';

import { rowsOf, written } from './memory.ts';

const hasZstd = 'zstdDecompressSync' in zlib;
const when = Date.UTC(2024, 1, 29, 12, 30, 5, 123);

const schema = {
  columns: [
    { name: 'id', type: { kind: 'integer' } },
    { name: 'ratio', type: { kind: 'float64' } },
    { name: 'name', type: { kind: 'string' } },
    { name: 'flag', type: { kind: 'boolean' } },
    { name: 'price', type: { kind: 'decimal', precision: 10, scale: 2 } },
    { name: 'wide', type: { kind: 'decimal', precision: 38, scale: 4 } },
    { name: 'day', type: { kind: 'date' } },
    { name: 'at', type: { kind: 'timestamp', unit: 'us', zoned: true } },
    { name: 'local', type: { kind: 'timestamp', unit: 'ms', zoned: false } },
    { name: 'clock', type: { kind: 'time', unit: 'ms' } },
    { name: 'bytes', type: { kind: 'binary' } },
    { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
    {
      name: 'point',
      type: {
        kind: 'struct',
        fields: [
          { name: 'x', type: { kind: 'float64' } },
          { name: 'label', type: { kind: 'string' } },
        ],
      },
    },
    { name: 'more', type: { kind: 'map', value: { kind: 'integer' } } },
    { name: 'any', type: { kind: 'json' } },
  ],
} as const satisfies Schema;

const full: Value[] = [
  2n ** 60n,
  0.1,
  'naïve "x", 😀',
  true,
  new Decimal('-1234.50'),
  new Decimal('12345678901234567890.1234'),
  new Date('2024-02-29T00:00:00Z'),
  new Timestamp(when, 456_000),
  new Date(when),
  '12:34:56.789',
  Uint8Array.of(0, 255),
  ['a', null, ''],
  { x: 0.5, label: 'é' },
  { one: 1, two: null },
  { deep: [1, 'x'] },
];
const nothing: Value[] = schema.columns.map(() => null);
const rows = Array.from({ length: 300 }, (_, i) => (i % 3 === 2 ? nothing : full));

describe.each(['file', 'stream'] as const)('a %s', (container) => {
  test('apache-arrow reads what is written, every type of it', async () => {
    const table = tableFromIPC(
      await written(schema, rows, { container, recordBatchSize: 128, nested: 'json' }),
    );
    expect(table.numRows).toBe(300);
    expect(table.batches).toHaveLength(3);
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${String(type)}`)).toEqual([
      'id: Int64',
      'ratio: Float64',
      'name: Utf8',
      'flag: Bool',
      'price: Decimal[10e+2]',
      'wide: Decimal[38e+4]',
      'day: Date32<DAY>',
      'at: Timestamp<MICROSECOND, UTC>',
      'local: Timestamp<MILLISECOND>',
      'clock: Time32<MILLISECOND>',
      'bytes: Binary',
      'tags: List<Utf8>',
      'point: Struct<{x:Float64, label:Utf8}>',
      'more: Map<{key:Utf8, value:Int64}>',
      'any: Utf8',
    ]);
    expect(table.schema.fields.every(({ nullable }) => nullable)).toBe(true);
    const entries = table.schema.fields[13]!.type.children[0]!;
    expect([entries.nullable, ...entries.type.children.map(({ nullable }: Field) => nullable)]).toEqual([
      false,
      false,
      true,
    ]);
    const column = (name: string): unknown => table.getChild(name)?.get(126);
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(column('id')).toBe(2n ** 60n);
    expect(column('ratio')).toBe(0.1);
    expect(column('name')).toBe('naïve "x", 😀');
    expect(column('flag')).toBe(true);
    expect(String(column('price'))).toBe('-123450');
    expect(String(column('wide'))).toBe('123456789012345678901234');
    expect(column('day')).toBe(Date.UTC(2024, 1, 29));
    expect(column('at')).toBe(when + 0.456);
    expect(column('local')).toBe(when);
    expect(column('clock')).toBe(((12 * 60 + 34) * 60 + 56) * 1000 + 789);
    expect(column('bytes')).toEqual(Uint8Array.of(0, 255));
    expect(plain(column('tags'))).toEqual(['a', null, '']);
    expect(plain(column('point'))).toEqual({ x: 0.5, label: 'é' });
    expect(column('any')).toBe('{"deep":[1,"x"]}');
    expect(table.schema.fields[14]!.metadata.get('ARROW:extension:name')).toBe('arrow.json');
    for (const { name } of schema.columns) expect(table.getChild(name)?.get(128)).toBeNull();
  });

  test('what apache-arrow writes is read', async () => {
    const table = tableFromArrays({
      whole: Int32Array.of(1, -2, 3),
      part: Float64Array.of(0.1, -0.5, 1e300),
      large: BigInt64Array.of(2n ** 62n, -(2n ** 60n), 0n),
      text: ['é', 'x', 'x'],
      small: Uint8Array.of(0, 255, 7),
    });
    const bytes = tableToIPC(table, container);
    const { columns, rows: found } = await rowsOf(bytes);
    expect(columns.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'whole integer',
      'part float64',
      'large integer',
      'text string',
      'small integer',
    ]);
    expect(rowsTold(found)).toEqual(
      rowsTold([
        [1, 0.1, 2n ** 62n, 'é', 0],
        [-2, -0.5, -(2n ** 60n), 'x', 255],
        [3, 1e300, 0, 'x', 7],
      ]),
    );
  });
});

test('files that have their schema at their end only are read from a pipe, too', async () => {
  const table = tableFromArrays({ text: ['é', 'x', 'x'], part: Float64Array.of(0.1, 1, 2) });
  const empty = new Table(table.schema, []);
  for (const [given, expected] of [
    [
      table,
      [
        ['é', 0.1],
        ['x', 1],
        ['x', 2],
      ],
    ],
    [empty, []],
  ] as const) {
    const bytes = tableToIPC(given, 'file');
    async function* pipe(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
    }
    for (const source of [bytes, pipe()]) {
      const { rows: found, columns } = await rowsOf(source);
      expect(columns.map(({ name }) => name)).toEqual(['text', 'part']);
      expect(found).toEqual(expected);
    }
    const cut = tableToIPC(given, 'file').subarray(0, -7);
    await expect(rowsOf(cut)).rejects.toMatchObject({ code: 'TRUNCATED' });
  }
  const limited = arrow().createReader(
    (async function* () {
      yield tableToIPC(table, 'file');
    })(),
    { maxBatchBytes: 100 },
  );
  await expect(limited.schema()).rejects.toMatchObject({ code: 'LIMIT', hint: expect.any(String) });
});

/** Batches whose dictionary grows from one to the next. */
function growingBatches(): RecordBatch[] {
  const type = new Dictionary(new Utf8(), new Int32(), 1);
  const fields = new ArrowSchema([new Field('word', type, true), new Field('flag', new Bool(), true)]);
  const builder = makeBuilder({ type, nullValues: [null] });
  const flags = vectorFromArray([true, false, null], new Bool());
  return [
    ['a', 'b', null],
    ['b', 'c', 'd'],
    ['a', 'd', 'e'],
  ].map((words) => {
    for (const word of words) builder.append(word);
    const data = builder.flush();
    const struct = new Struct<{ word: typeof type; flag: Bool }>(fields.fields as never);
    return new RecordBatch(
      fields,
      makeData({ type: struct, length: 3, nullCount: 0, children: [data, flags.data[0]!] }),
    );
  });
}

test('dictionaries grow from batch to batch', async () => {
  const stream = await RecordBatchStreamWriter.writeAll(new Table(growingBatches())).toUint8Array();
  const file = await RecordBatchFileWriter.writeAll(new Table(growingBatches())).toUint8Array();
  const expected = ['a', 'b', null, 'b', 'c', 'd', 'a', 'd', 'e'].map((word, i) => [
    word,
    [true, false, null][i % 3],
  ]);
  for (const bytes of [stream, file]) expect((await rowsOf(bytes)).rows).toEqual(expected);
});

describe('Polars', () => {
  const folder = new URL('fixtures/polars/', import.meta.url);
  const files = ['uncompressed.arrows', 'lz4.arrow', ...(hasZstd ? ['zstd.arrow'] : [])];

  test.each(files)('%s is read', async (name) => {
    const sink = new MemorySink();
    const writer = jsonl().createWriter(sink);
    const bytes = await readFile(new URL(name, folder));
    for await (const batch of arrow().createReader(new MemorySource(bytes))) await writer.write(batch);
    await writer.finish();
    // Polars has a space where ISO 8601 has a T, and leaves out a fraction of nothing.
    const text = sink.text.replaceAll(/"when":"([\d-]+)T([\d:]+)\.000"/g, '"when":"$1 $2"');
    const linesOf = (all: string): unknown[] =>
      all
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
    expect(linesOf(text)).toEqual(linesOf(await readFile(new URL('rows.jsonl', folder), 'utf8')));
  });
});

import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';

import { avro } from '@x/format-avro';
import { Decimal, rowsBatch, type Schema, Timestamp, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import avsc from 'avsc';
// @ts-expect-error -- has no types
import snappyjs from 'snappyjs';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';

async function readAll(bytes: Uint8Array, options?: object) {
  const reader = avro().createReader(new MemorySource(bytes), options);
  const rows: (readonly Value[])[] = [];
  for await (const batch of reader) rows.push(...batch.rows());
  return { columns: (await reader.schema()).columns, rows };
}

const codecs = {
  null: (bytes: Buffer, done: (error: null, packed: Buffer) => void) => done(null, bytes),
  snappy: (bytes: Buffer, done: (error: Error | null, packed: Buffer) => void) => {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(bytes));
    done(null, Buffer.concat([snappyjs.compress(bytes), crc]));
  },
};

/** Lets avsc write and tell the logical types that it otherwise leaves out, and takes values as they are. */
class AsTheyAre extends avsc.types.LogicalType {
  readonly #attributes: { readonly precision?: number; readonly scale?: number };

  constructor(attributes: object, options?: never) {
    super(attributes as never, options);
    this.#attributes = attributes;
  }

  protected override _fromValue(value: unknown): unknown {
    return value;
  }

  protected override _toValue(value: unknown): unknown {
    return value;
  }

  protected override _export(to: avsc.Schema): void {
    const { precision, scale } = this.#attributes;
    if (precision !== undefined) Object.assign(to, { precision, scale });
  }
}

const names =
  'decimal date uuid duration time-millis timestamp-micros timestamp-millis local-timestamp-millis'.split(
    ' ',
  );
const logicalTypes = Object.fromEntries(names.map((name) => [name, AsTheyAre]));

/** A file that avsc writes. */
async function writtenByAvsc(schema: object, records: readonly unknown[], codec = 'null'): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const type = avsc.Type.forSchema(
    schema as never,
    { registry: {}, logicalTypes, wrapUnions: 'never' } as never,
  );
  const options = { codec, codecs: { ...codecs, ...deflate }, blockSize: 500 };
  const encoder = new avsc.streams.BlockEncoder(type, options);
  const sink = new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(chunk), done()) });
  encoder.pipe(sink);
  for (const record of records) encoder.write(record);
  encoder.end();
  await once(sink, 'finish');
  return Buffer.concat(chunks);
}

const deflate = {
  deflate: (
    avsc.streams.BlockEncoder as never as { getDefaultCodecs(): { deflate: never } }
  ).getDefaultCodecs().deflate,
};

/** The records that avsc finds in a file, and its schema. */
async function readByAvsc(bytes: Uint8Array): Promise<{ schema: unknown; records: unknown[] }> {
  const records: unknown[] = [];
  let schema: unknown;
  const source = new PassThrough();
  const decoder = source.pipe(
    new avsc.streams.BlockDecoder({
      parseHook: (found: object) =>
        avsc.Type.forSchema(found as never, { logicalTypes, wrapUnions: 'never' } as never),
      codecs: {
        null: (data: Buffer, done: (error: null, data: Buffer) => void) => done(null, data),
        deflate: (
          avsc.streams.BlockDecoder as never as { getDefaultCodecs(): { deflate: never } }
        ).getDefaultCodecs().deflate,
        snappy: (data: Buffer, done: (error: null, data: Buffer) => void) =>
          done(null, Buffer.from(snappyjs.uncompress(data.subarray(0, -4)))),
      },
    } as never),
  );
  decoder.on('metadata', (type: avsc.Type) => (schema = type.schema({ exportAttrs: true })));
  decoder.on('data', (record) => records.push(record));
  source.end(bytes);
  await once(decoder, 'end');
  return { schema, records };
}

const schema = {
  type: 'record',
  name: 'test.Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'ratio', type: 'float' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['NEW', 'PAID'] } },
    { name: 'either', type: ['null', 'int', 'string', 'boolean'] },
    { name: 'digest', type: { type: 'fixed', name: 'Digest', size: 4 } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'counts', type: { type: 'map', values: 'int' } },
    { name: 'buyer', type: { type: 'record', name: 'Buyer', fields: [{ name: 'name', type: 'string' }] } },
    { name: 'seller', type: 'Buyer' },
  ],
};

const records = Array.from({ length: 300 }, (_, i) => ({
  id: i * 1_000_000_007,
  ratio: i / 4,
  note: i % 3 === 0 ? null : `nöte ${i}`,
  state: i % 2 === 0 ? 'NEW' : 'PAID',
  either: [null, i, `s${i}`, true][i % 4],
  digest: Buffer.from([i & 255, 1, 2, 3]),
  tags: ['a', `b${i}`],
  counts: { x: i, __proto__x: 1 },
  buyer: { name: 'Ada' },
  seller: { name: 'Bob' },
}));

describe('what avsc writes', () => {
  test.each(['null', 'deflate', 'snappy'])('is read, with blocks of %s', async (codec) => {
    const { columns, rows } = await readAll(await writtenByAvsc(schema, records, codec));
    expect(columns.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'id integer',
      'ratio float64',
      'note string',
      'state string',
      'either any',
      'digest binary',
      'tags list',
      'counts map',
      'buyer struct',
      'seller struct',
    ]);
    expect(rows).toEqual(
      records.map(({ id, ratio, note, state, either, digest, tags, counts, buyer, seller }) => [
        id,
        ratio,
        note,
        state,
        either,
        Uint8Array.from(digest),
        tags,
        counts,
        buyer,
        seller,
      ]),
    );
  });

  test('columns that are not wanted are passed', async () => {
    const bytes = await writtenByAvsc(schema, records);
    const { rows } = await readAll(bytes, { columns: ['seller', 'id'], limit: 2, skip: 298 });
    expect(rows).toEqual([
      [{ name: 'Bob' }, 298 * 1_000_000_007],
      [{ name: 'Bob' }, 299 * 1_000_000_007],
    ]);
  });

  test('a record that contains itself', async () => {
    const list = {
      type: 'record',
      name: 'Node',
      fields: [
        { name: 'value', type: 'int' },
        { name: 'next', type: ['null', 'Node'] },
      ],
    };
    const bytes = await writtenByAvsc(list, [{ value: 1, next: { value: 2, next: null } }]);
    expect((await readAll(bytes)).rows).toEqual([[1, { value: 2, next: null }]]);
  });

  test('values that are no records are a column', async () => {
    const { columns, rows } = await readAll(await writtenByAvsc({ type: 'string' }, ['a', 'b']));
    expect(columns).toEqual([{ name: 'value', type: { kind: 'string' } }]);
    expect(rows).toEqual([['a'], ['b']]);
  });

  test('logical types', async () => {
    const logical = {
      type: 'record',
      name: 'L',
      fields: [
        { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } },
        {
          name: 'fixed',
          type: { type: 'fixed', size: 5, name: 'F', logicalType: 'decimal', precision: 9, scale: 0 },
        },
        { name: 'day', type: { type: 'int', logicalType: 'date' } },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
        { name: 'wall', type: { type: 'long', logicalType: 'local-timestamp-millis' } },
        { name: 'time', type: { type: 'int', logicalType: 'time-millis' } },
        { name: 'uuid', type: { type: 'string', logicalType: 'uuid' } },
        { name: 'span', type: { type: 'fixed', size: 12, name: 'D', logicalType: 'duration' } },
        { name: 'odd', type: { type: 'int', logicalType: 'timestamp-millis' } },
      ],
    };
    const bytes = await writtenByAvsc(logical, [
      {
        price: Buffer.from([0xff, 0x38]),
        fixed: Buffer.from([0, 0, 0, 1, 0]),
        day: -1,
        at: 1_700_000_000_123_456,
        wall: 86_400_000,
        time: 3_723_004,
        uuid: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
        span: Buffer.from([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]),
        odd: 5,
      },
    ]);
    const { columns, rows } = await readAll(bytes);
    expect(columns.map(({ type }) => type.kind).join(' ')).toBe(
      'decimal decimal date timestamp timestamp time string struct integer',
    );
    expect(rows).toEqual([
      [
        new Decimal('-2.00'),
        256,
        new Date('1969-12-31T00:00:00Z'),
        new Timestamp(1_700_000_000_123, 456_000),
        new Date('1970-01-02T00:00:00Z'),
        '01:02:03.004',
        'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
        { months: 1, days: 2, milliseconds: 3 },
        5,
      ],
    ]);
  });
});

describe('what is written', () => {
  const table: Schema = {
    columns: [
      { name: 'id', type: { kind: 'integer' } },
      { name: 'price', type: { kind: 'decimal', precision: 10, scale: 2 } },
      { name: 'day', type: { kind: 'date' } },
      { name: 'at', type: { kind: 'timestamp', unit: 'us', zoned: true } },
      { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
      { name: 'two words', type: { kind: 'struct', fields: [{ name: 'x', type: { kind: 'float64' } }] } },
    ],
  };
  const rows = Array.from({ length: 500 }, (_, i): Value[] => [
    i,
    new Decimal(`${i}.25`),
    new Date(i * 86_400_000),
    new Timestamp(i * 1000, 5000),
    i % 2 === 0 ? ['x', null] : null,
    { x: i / 8 },
  ]);

  test.each(['uncompressed', 'deflate', 'snappy'] as const)(
    'is read by avsc, with blocks of %s',
    async (compression) => {
      const sink = new MemorySink();
      const writer = avro().createWriter(sink, { compression, names: 'encode', blockBytes: 3000 });
      await writer.write(rowsBatch(table, rows, 0));
      await writer.finish();
      const { schema: found, records: read } = await readByAvsc(sink.bytes);
      expect(read).toHaveLength(500);
      expect(read[7]).toEqual({
        id: 7,
        price: Buffer.from([0x02, 0xd5]),
        day: 7,
        at: 7_000_005,
        tags: null,
        two_x20_words: { x: 7 / 8 },
      });
      expect(found).toMatchObject({
        name: 'Row',
        fields: [
          { name: 'id', type: ['null', 'long'] },
          { type: ['null', { logicalType: 'decimal', precision: 10, scale: 2 }] },
          { type: ['null', { type: 'int', logicalType: 'date' }] },
          { type: ['null', { type: 'long', logicalType: 'timestamp-micros' }] },
          { type: ['null', { type: 'array', items: ['null', 'string'] }] },
          { name: 'two_x20_words' },
        ],
      });
    },
  );
});

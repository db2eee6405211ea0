import { deflateRawSync } from 'node:zlib';
import * as zlib from 'node:zlib';

import { avro } from '@x/format-avro';
import { type AvroReadOptions } from '@x/format-avro';
import { rowsBatch } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const sync = Buffer.alloc(16, 7);

function long(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const text = (value: string) => Buffer.concat([long(Buffer.byteLength(value)), Buffer.from(value)]);

function file(schema: object | string, codec: string, ...blocks: { rows: number; bytes: Buffer }[]): Buffer {
  const metadata = [long(2), text('avro.codec'), text(codec), text('avro.schema')];
  return Buffer.concat([
    Buffer.from('Obj\u0001', 'latin1'),
    ...metadata,
    text(typeof schema === 'string' ? schema : JSON.stringify(schema)),
    long(0),
    sync,
    ...blocks.flatMap(({ rows, bytes }) => [long(rows), long(bytes.length), bytes, sync]),
  ]);
}

async function failure(bytes: Uint8Array, options?: AvroReadOptions): Promise<unknown> {
  try {
    for await (const batch of avro().createReader(new MemorySource(bytes), options)) void [...batch.rows()];
  } catch (error) {
    return error;
  }
  return undefined;
}

const record = (type: unknown) => ({ type: 'record', name: 'R', fields: [{ name: 'a', type }] });

describe('limits', () => {
  test('a block that grows when it is decompressed', async () => {
    const bomb = deflateRawSync(Buffer.alloc(20 * 1024 * 1024));
    const error = await failure(file(record('int'), 'deflate', { rows: 1, bytes: bomb }), {
      maxBlockBytes: 1024 * 1024,
    });
    expect(error).toMatchObject({ code: 'LIMIT', format: 'avro', byteOffset: expect.any(Number) });
  });

  test('a snappy block that says it is large', async () => {
    const claim = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0, 0]);
    expect(await failure(file(record('int'), 'snappy', { rows: 1, bytes: claim }))).toMatchObject({
      code: 'CORRUPT',
    });
  });

  test('a block that says it is large is not allocated', async () => {
    const bytes = Buffer.concat([file(record('int'), 'null'), long(1), long(2 ** 45)]);
    expect(await failure(bytes)).toMatchObject({ code: 'LIMIT' });
  });

  test('items without bytes', async () => {
    const items = { rows: 1, bytes: Buffer.concat([long(2 ** 40), long(0)]) };
    expect(await failure(file(record({ type: 'array', items: 'null' }), 'null', items))).toMatchObject({
      code: 'LIMIT',
      row: 1,
      field: 'a',
    });
    expect(
      await failure(file(record('null'), 'null', { rows: 2 ** 40, bytes: Buffer.alloc(0) })),
    ).toMatchObject({ code: 'CORRUPT' });
  });

  test('records inside each other', async () => {
    const schema = { type: 'record', name: 'N', fields: [{ name: 'next', type: ['null', 'N'] }] };
    const deep = Buffer.concat([Buffer.alloc(10_000, 2), Buffer.from([0])]);
    expect(await failure(file(schema, 'null', { rows: 1, bytes: deep }))).toMatchObject({ code: 'LIMIT' });
  });
});

describe('damage', () => {
  test.each([
    ['no JSON', '{'],
    ['an unknown type', '"nothing"'],
    [
      'a field twice',
      {
        type: 'record',
        name: 'R',
        fields: [
          { name: 'a', type: 'int' },
          { name: 'a', type: 'int' },
        ],
      },
    ],
    ['a union in a union', [['int']]],
    ['a record without fields', { type: 'record', name: 'R' }],
  ])('a schema with %s', async (_, schema) => {
    expect(await failure(file(schema, 'null'))).toMatchObject({ code: 'CORRUPT', format: 'avro' });
  });

  test('a codec that is not read', async () => {
    expect(await failure(file(record('int'), 'bzip2'))).toMatchObject({
      code: 'UNSUPPORTED',
      problem: expect.stringContaining('bzip2'),
    });
  });

  test('a marker that is not that of the file', async () => {
    const bytes = file(record('int'), 'null', { rows: 1, bytes: long(1) });
    bytes[bytes.length - 1] = 0;
    expect(await failure(bytes)).toMatchObject({
      code: 'CORRUPT',
      problem: expect.stringContaining('marker'),
    });
  });

  test('a snappy block without its checksum', async () => {
    const bytes = Buffer.from([1, 0, 2, 9, 9, 9, 9]);
    expect(await failure(file(record('int'), 'snappy', { rows: 1, bytes }))).toMatchObject({
      code: 'CORRUPT',
      problem: expect.stringContaining('checksum'),
    });
  });

  test('bytes after the last row of a block', async () => {
    const bytes = Buffer.concat([long(1), long(2)]);
    expect(await failure(file(record('int'), 'null', { rows: 1, bytes }))).toMatchObject({ code: 'CORRUPT' });
  });

  test('a string that is not UTF-8', async () => {
    const bytes = Buffer.from([4, 0xc3, 0x28]);
    expect(await failure(file(record('string'), 'null', { rows: 1, bytes }))).toMatchObject({
      code: 'CORRUPT',
      row: 1,
      field: 'a',
    });
  });

  test('a file that ends in a block, where it ends', async () => {
    const bytes = file(record('int'), 'null', { rows: 1, bytes: long(1) });
    expect(await failure(bytes.subarray(0, -3))).toMatchObject({
      code: 'TRUNCATED',
      byteOffset: bytes.length - 3,
    });
  });
});

// oxlint-disable-next-line typescript/no-unnecessary-condition -- the types are those of a newer Node.js
const hasZstd = zlib.zstdCompress !== undefined;

async function withZstd(): Promise<unknown> {
  const schema = { columns: [{ name: 'a', type: { kind: 'integer' } as const }] };
  const sink = new MemorySink();
  const writer = avro().createWriter(sink, { compression: 'zstd' });
  await writer.write(rowsBatch(schema, [[1], [null]], 0));
  await writer.finish();
  const rows = [];
  for await (const batch of avro().createReader(new MemorySource(sink.bytes))) rows.push(...batch.rows());
  return rows;
}

test('zstd, or what it needs where Node.js has none', async () => {
  const outcome = await withZstd().catch((error: unknown) => error);
  const refusal: unknown = expect.objectContaining({
    code: 'UNAVAILABLE',
    hint: expect.stringContaining('22.15'),
  });
  expect(outcome).toEqual(hasZstd ? [[1], [null]] : refusal);
});

test.each([
  [{ compression: 'lz4' }, 'compression'],
  [{ names: 'drop' }, 'names'],
  [{ recordName: '1' }, 'recordName'],
  [{ blockBytes: 0 }, 'blockBytes'],
])('the option %j is refused', (options, name) => {
  expect(() => avro().createWriter({ write: () => undefined }, options as never)).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining(name) }),
  );
});

test('a name that Avro does not allow is refused, and says what to do', async () => {
  const schema = { columns: [{ name: 'two words', type: { kind: 'string' } as const }] };
  const writer = avro().createWriter({ write: () => undefined });
  await expect(writer.write(rowsBatch(schema, [['x']], 0))).rejects.toMatchObject({
    code: 'UNREPRESENTABLE',
    field: 'two words',
    hint: expect.stringContaining(`names: 'encode'`),
  });
});

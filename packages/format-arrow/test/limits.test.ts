import { readdir, readFile } from 'node:fs/promises';

import { arrow, arrowStream, type ArrowReadOptions } from '@x/format-arrow';
import { FormatError, type Value } from '@x/formats';
import { MemorySource } from '@x/formats/contract-suite';
import { Field, FixedSizeList, makeData, Null, Table, tableToIPC, Vector } from 'apache-arrow';
import { describe, expect, test } from 'vitest';

import { rowsOf, written } from './memory.ts';

const integers = { columns: [{ name: 'a', type: { kind: 'integer' } as const }] };
const fixtures = new URL('fixtures/', import.meta.url);

async function failure(bytes: Uint8Array | AsyncIterable<Uint8Array>, options?: ArrowReadOptions) {
  try {
    await rowsOf(bytes, options);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the end', () => {
  const bytes = written(integers, [[1], [2], [3]], { container: 'stream', recordBatchSize: 1 });

  test('a stream that lacks its mark is cut off', async () => {
    const open = (await bytes).subarray(0, -8);
    expect(await failure(open)).toMatchObject({
      code: 'TRUNCATED',
      byteOffset: open.length,
      hint: expect.stringContaining("endMark: 'optional'"),
    });
    const { rows } = await rowsOf(open, { endMark: 'optional' });
    expect(rows).toEqual([[1], [2], [3]]);
    // In the middle of a message it cannot have ended.
    expect(await failure(open.subarray(0, -8), { endMark: 'optional' })).toMatchObject({ code: 'TRUNCATED' });
  });

  test('what is behind it is not left out in silence', async () => {
    const whole = await bytes;
    expect(await failure(Buffer.concat([whole, whole]))).toMatchObject({
      code: 'CORRUPT',
      byteOffset: whole.length,
    });
  });

  test('a file has a footer, and it lists what there is', async () => {
    const file = Buffer.from(await written(integers, [[1], [2]], { recordBatchSize: 1 }));
    expect(await failure(file.subarray(0, -6))).toMatchObject({ code: 'TRUNCATED' });
    // The footers of two files that differ in the number of batches.
    const other = Buffer.from(await written(integers, [[1]], { recordBatchSize: 1 }));
    const end = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    const mixed = Buffer.concat([
      file.subarray(0, file.lastIndexOf(end)),
      other.subarray(other.lastIndexOf(end)),
    ]);
    expect(await failure(mixed)).toMatchObject({
      code: 'CORRUPT',
      problem: expect.stringContaining('the footer lists 1 record batches'),
    });
  });

  test('Feather version 1 says what it is', async () => {
    expect(await failure(Buffer.from('FEA1............FEA1'))).toMatchObject({
      code: 'UNSUPPORTED',
      hint: expect.stringContaining('version=2'),
    });
  });
});

describe('limits', () => {
  test('a record batch of more than maxBatchBytes, before it is read', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [i]);
    const bytes = await written(integers, rows, { container: 'stream' });
    expect(await failure(bytes, { maxBatchBytes: 7999 })).toMatchObject({
      code: 'LIMIT',
      hint: expect.any(String),
    });
    expect((await rowsOf(bytes, { maxBatchBytes: 9000 })).rows).toHaveLength(1000);
  });

  test('a buffer that grows when it is decompressed', async () => {
    const rows = Array.from({ length: 100_000 }, () => [7]);
    const bytes = await written(integers, rows, { compression: 'lz4', recordBatchSize: 100_000 });
    expect(bytes.length).toBeLessThan(20_000);
    expect(await failure(bytes, { maxBatchBytes: 100_000 })).toMatchObject({ code: 'LIMIT' });
    expect((await rowsOf(bytes)).rows).toHaveLength(100_000);
  });

  test('values that a few bytes stand for many times', async () => {
    const items = 1 << 20;
    const type = new FixedSizeList(items, new Field('item', new Null()));
    const child = makeData({ type: new Null(), length: items * 200 });
    const lists = makeData({ type, length: 200, nullCount: 0, child });
    const bytes = tableToIPC(new Table({ lists: new Vector([lists]) }), 'stream');
    expect(bytes.length).toBeLessThan(2000);
    expect(await failure(bytes)).toMatchObject({
      code: 'LIMIT',
      hint: expect.stringContaining('maxBatchBytes'),
    });
  });

  test('rows without bytes', async () => {
    const nulls = makeData({ type: new Null(), length: 2 ** 30 });
    const bytes = tableToIPC(new Table({ nothing: new Vector([nulls]) }), 'stream');
    expect(await failure(bytes)).toMatchObject({ code: 'LIMIT' });
  });

  test.each([
    [{ maxBatchBytes: 0 }, 'maxBatchBytes'],
    [{ endMark: 'never' }, 'endMark'],
  ])('the option %j is refused', (options, name) => {
    const make = () => arrow().createReader(new MemorySource(new Uint8Array(0)), options as never);
    expect(make).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining(name) }),
    );
  });

  test.each([
    [{ compression: 'gzip' }, 'compression'],
    [{ compressionLevel: 3 }, 'compressionLevel'],
    [{ compression: 'zstd', compressionLevel: 40 }, 'compressionLevel'],
    [{ recordBatchSize: 0 }, 'recordBatchSize'],
    [{ nested: 'text' }, 'nested'],
  ])('the option %j is refused when the writer is made', (options, name) => {
    for (const format of [arrow(), arrowStream()]) {
      expect(() => format.createWriter({ write: () => undefined }, options as never)).toThrow(
        expect.objectContaining({
          code: 'BAD_OPTION',
          format: format.name,
          problem: expect.stringContaining(name),
        }),
      );
    }
  });
});

describe('damage', () => {
  /** A generator of numbers from 0 to 1 that gives the same ones again (mulberry32). */
  function seeded(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  /** Rows, or an error of this package; nothing else, and not more memory than it may. */
  async function isContained(bytes: Uint8Array): Promise<boolean> {
    const found = await failure(bytes, { maxBatchBytes: 16 * 1024 * 1024 });
    return found === undefined || found instanceof FormatError;
  }

  const kinds = [
    'binary_view',
    'list_view',
    'run_end_encoded',
    'union',
    'nested_dictionary',
    'map',
    'decimal32',
  ];

  test.each(kinds)('of a stream of %s is a typed error, or another value', async (kind) => {
    const whole = await readFile(new URL(`arrow-testing/cpp-21.0.0/generated_${kind}.stream`, fixtures));
    const random = seeded(2024);
    const surprises: string[] = [];
    for (let i = 0; i < 400; i++) {
      const bytes = Uint8Array.from(whole);
      const flips = Array.from({ length: 1 + (i % 3) }, () => [
        Math.floor(random() * bytes.length),
        Math.floor(random() * 256),
      ]);
      for (const [at, value] of flips) bytes[at!] = value!;
      if (!(await isContained(bytes))) surprises.push(JSON.stringify(flips));
    }
    expect(surprises).toEqual([]);
  });

  test.each(['lz4', 'zstd'] as const)('of buffers in %s', async (compression) => {
    const path = new URL(`arrow-testing/2.0.0-compression/generated_${compression}.arrow_file`, fixtures);
    const whole = await readFile(path);
    const surprises: number[] = [];
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [0x01, 0xff]) {
        const bytes = Uint8Array.from(whole);
        bytes[at]! ^= flip;
        if (!(await isContained(bytes))) surprises.push(at);
      }
    }
    expect(surprises).toEqual([]);
  });

  test('what broke Arrow C++ is a typed error here', async () => {
    const folder = new URL('arrow-testing-fuzz/', fixtures);
    for (const name of (await readdir(folder)).filter((one) => one.startsWith('crash-'))) {
      expect([name, await failure(await readFile(new URL(name, folder)))]).toEqual([
        name,
        expect.any(FormatError),
      ]);
    }
  });

  test('text that is no UTF-8 is refused with its row', async () => {
    const column = { columns: [{ name: 't', type: { kind: 'string' } as const }] };
    for (const [text, damage] of [
      ['é', 0xff],
      ['ab', 0xc3],
    ] as const) {
      const bytes = Buffer.from(await written(column, [['fine'], [null], [text], ['x']]));
      bytes[bytes.indexOf(`fine${text}`) + 4] = damage;
      expect(await failure(bytes)).toMatchObject({
        code: 'INVALID_TEXT',
        row: 3,
        field: 't',
        format: 'arrow',
      });
    }
  });

  test('a text that is cut in the middle of a letter is none', async () => {
    const column = { columns: [{ name: 't', type: { kind: 'string' } as const }] };
    const bytes = Buffer.from(await written(column, [['xé'], ['y']]));
    // The second text begins at byte 3: let it begin within the letter, at byte 2.
    const offsets = Buffer.from(Int32Array.of(0, 3, 4).buffer);
    const at = bytes.indexOf(offsets);
    bytes.writeInt32LE(2, at + 4);
    expect(await failure(bytes)).toMatchObject({ code: 'INVALID_TEXT', row: 1 });
  });
});

describe('what is not asked for', () => {
  const wide = {
    columns: Array.from({ length: 20 }, (_, i) => ({ name: `c${i}`, type: { kind: 'float64' } as const })),
  };
  const rows = Array.from({ length: 2000 }, (_, i): Value[] => wide.columns.map((__, k) => i + k / 32));

  test('is not read, where the source can be read out of order', async () => {
    const bytes = await written(wide, rows, { recordBatchSize: 500 });
    const source = new MemorySource(bytes, 1024);
    const { rows: found } = await rowsOf(source, { columns: ['c7', 'c2'] });
    expect(found).toEqual(rows.map((row) => [row[7], row[2]]));
    expect(source.given).toBeLessThan(bytes.length / 4);
    const skipping = new MemorySource(bytes, 1024);
    expect((await rowsOf(skipping, { skip: 1999 })).rows).toEqual(rows.slice(1999));
    expect(skipping.given).toBeLessThan(bytes.length / 2);
  });

  test('is not decompressed', async () => {
    const bytes = Buffer.from(await written(wide, rows, { compression: 'lz4', recordBatchSize: 2000 }));
    // The header of the last frame, which is that of c19.
    const frame = bytes.lastIndexOf(Buffer.from([0x04, 0x22, 0x4d, 0x18]));
    bytes[frame] = 0;
    expect((await rowsOf(bytes, { columns: ['c0'] })).rows).toEqual(rows.map(([first]) => [first]));
    expect(await failure(bytes)).toMatchObject({ code: 'CORRUPT' });
  });

  test('memory is that of a record batch, however many there are', async () => {
    const one = await written(wide, rows, { container: 'stream', recordBatchSize: 2000 });
    const head = Buffer.from(await written(wide, [], { container: 'stream' })).subarray(0, -8);
    const batch = Buffer.from(one.subarray(head.length, -8));
    async function* many(): AsyncGenerator<Uint8Array> {
      yield head;
      for (let i = 0; i < 2000; i++) yield batch;
      yield one.subarray(-8);
    }
    let count = 0;
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    for await (const { rowCount } of arrow().createReader(many())) {
      count += rowCount;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(count).toBe(4_000_000);
    // 640 MB have passed, and what is not needed any more is collected late.
    expect(most).toBeLessThan(250e6);
  });
});

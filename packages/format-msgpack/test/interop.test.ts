import { msgpack } from '@x/format-msgpack';
import { Timestamp, type Value } from '@x/formats';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { decodeMulti, encode } from '@msgpack/msgpack';
import { Packr, UnpackrStream } from 'msgpackr';
import { describe, expect, test } from 'vitest';

const names = ['id', 'name', 'at', 'bytes', 'tags', 'sub', 'ratio', 'big', 'ok', 'none'];
const rows: Value[][] = Array.from({ length: 300 }, (_, i) => [
  [i, -i, i * 1000, -i * 100_000, i * 10_000_000][i % 5]!,
  `näme ${'x'.repeat(i)}`,
  new Date(1_700_000_000_000 + i * 500),
  Uint8Array.from({ length: i }, (__, j) => j & 255),
  Array.from({ length: i % 20 }, (__, j) => j),
  { a: i, 'b c': [null, { x: 'y' }] },
  i / 7,
  2n ** 60n + BigInt(i),
  i % 2 === 0,
  null,
]);
const objects = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));

describe('@msgpack/msgpack', () => {
  test('what it writes is read: maps that follow each other, and a list', async () => {
    const options = { useBigInt64: true };
    const stream = Buffer.concat(objects.map((one) => encode(one, options)));
    expect(await readRows(msgpack(), stream)).toMatchObject({ names, rows });
    expect(await readRows(msgpack(), encode(objects, options))).toMatchObject({ names, rows });
  });

  test('what is written is read by it', async () => {
    const file = await writeRows(msgpack(), names, rows);
    const found = [...decodeMulti(file, { useBigInt64: true })] as Record<string, unknown>[];
    // Its bytes may have more behind them than is theirs.
    for (const one of found) one['bytes'] = Uint8Array.from(one['bytes'] as Uint8Array);
    expect(found).toEqual(objects);
  });
});

describe('msgpackr', () => {
  test('what it writes is read', async () => {
    const packr = new Packr({ useRecords: false, useTimestamp32: false, variableMapSize: true });
    const file = Buffer.concat(objects.map((one) => packr.pack(one)));
    expect(await readRows(msgpack(), file)).toMatchObject({ names, rows });
  });

  test('its records, which other readers do not know, are refused', async () => {
    const file = new Packr().pack({ a: 1 });
    await expect(readRows(msgpack(), file)).rejects.toMatchObject({ format: 'msgpack', code: 'UNSUPPORTED' });
  });

  test('what is written is read by it', async () => {
    const file = await writeRows(msgpack(), names, rows);
    const stream = new UnpackrStream({ useRecords: false, int64AsType: 'bigint' } as object);
    stream.end(file);
    const found: Record<string, unknown>[] = [];
    for await (const one of stream) found.push(one as Record<string, unknown>);
    expect(found.map(({ name, at, sub, ratio }) => [name, at, sub, ratio])).toEqual(
      objects.map(({ name, at, sub, ratio }) => [name, at, sub, ratio]),
    );
  });
});

// https://github.com/msgpack/msgpack/blob/master/spec.md, and the cases of kawanet/msgpack-test-suite 1.0.0.
describe('the specification', () => {
  const cases: [string, Value][] = [
    ['c0', null],
    ['c2', false],
    ['00', 0],
    ['cc-00', 0],
    ['cd-00-00', 0],
    ['ce-00-00-00-00', 0],
    ['cf-00-00-00-00-00-00-00-00', 0],
    ['d0-00', 0],
    ['d3-00-00-00-00-00-00-00-00', 0],
    ['ca-00-00-00-00', 0],
    ['cb-80-00-00-00-00-00-00-00', -0],
    ['ff', -1],
    ['d1-80-00', -32768],
    ['d2-80-00-00-00', -2147483648],
    ['cf-00-20-00-00-00-00-00-01', 9007199254740993n],
    ['cf-ff-ff-ff-ff-ff-ff-ff-ff', 18446744073709551615n],
    ['d3-80-00-00-00-00-00-00-00', -9223372036854775808n],
    ['ca-bf-00-00-00', -0.5],
    ['cb-3f-b9-99-99-99-99-99-9a', 0.1],
    ['a0', ''],
    ['d9-01-61', 'a'],
    ['da-00-01-61', 'a'],
    ['db-00-00-00-01-61', 'a'],
    ['a4-f0-9f-8d-ba', '🍺'],
    ['c4-00', new Uint8Array(0)],
    ['c5-00-01-01', Uint8Array.of(1)],
    ['c6-00-00-00-01-01', Uint8Array.of(1)],
    ['dc-00-01-01', [1]],
    ['dd-00-00-00-01-01', [1]],
    ['de-00-01-a1-61-01', { a: 1 }],
    ['df-00-00-00-01-a1-61-c0', { a: null }],
    ['d6-ff-00-00-00-01', new Date(1000)],
    ['d6-ff-ff-ff-ff-ff', new Date('2106-02-07T06:28:15.000Z')],
    ['d7-ff-00-00-00-08-00-00-00-00', new Timestamp(0, 2)],
    ['c7-0c-ff-3b-9a-c9-ff-ff-ff-ff-ff-7c-55-81-7f', new Timestamp(-2_208_988_801 * 1000 + 999, 999_999)],
  ];

  test.each(cases)('%s', async (hex, value) => {
    const file = Buffer.from(`81a161${hex.replaceAll('-', '')}`, 'hex');
    expect((await readRows(msgpack(), file)).rows).toEqual([[value]]);
  });
});

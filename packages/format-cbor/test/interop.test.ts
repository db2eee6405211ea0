import { cbor } from '@x/format-cbor';
import { Decimal, Timestamp, type Value } from '@x/formats';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { Encoder, decodeMultiple } from 'cbor-x';
import { decodeFirst, encode } from 'cborg';
import { describe, expect, test } from 'vitest';

const names = ['id', 'name', 'bytes', 'tags', 'sub', 'ratio', 'big', 'ok', 'none'];
const rows: Value[][] = Array.from({ length: 300 }, (_, i) => [
  [i, -i, i * 1000, -i * 100_000, i * 10_000_000][i % 5]!,
  `näme ${'x'.repeat(i)}`,
  Uint8Array.from({ length: i }, (__, j) => j & 255),
  Array.from({ length: i % 30 }, (__, j) => j),
  { a: i, 'b c': [null, { x: 'y' }] },
  i / 7,
  2n ** 60n + BigInt(i),
  i % 2 === 0,
  null,
]);
const objects = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));

describe('cborg', () => {
  test('what it writes is read: maps that follow each other, and a list', async () => {
    expect((await readRows(cbor(), Buffer.concat(objects.map((one) => encode(one))))).rows).toHaveLength(300);
    // It sorts the keys.
    const { rows: found } = await readRows(cbor(), encode(objects), { columns: names });
    expect(found).toEqual(rows.map((row) => row.map((value) => (Object.is(value, -0) ? 0 : value))));
  });

  test('what is written is read by it', async () => {
    let left: Uint8Array = await writeRows(cbor(), names, rows);
    const found: unknown[] = [];
    while (left.length > 0) {
      const [value, rest] = decodeFirst(left);
      found.push(value);
      left = rest;
    }
    expect(found).toEqual(objects);
  });
});

describe('cbor-x', () => {
  test('what it writes is read', async () => {
    const encoder = new Encoder({ useRecords: false, variableMapSize: true });
    const withDates = objects.map((one, i) => Object.assign({ at: new Date(i * 1500) }, one));
    const file = Buffer.concat(withDates.map((one) => encoder.encode(one)));
    expect(await readRows(cbor(), file)).toMatchObject({
      names: ['at', ...names],
      rows: rows.map((row, i) => [
        new Date(i * 1500),
        ...row.map((value) => (Object.is(value, -0) ? 0 : value)),
      ]),
    });
  });

  test('its records, which other readers do not know, are refused', async () => {
    const file = new Encoder({ useRecords: true }).encode([{ a: 1 }]);
    await expect(readRows(cbor(), file)).rejects.toMatchObject({ format: 'cbor' });
  });

  test('what is written is read by it', async () => {
    const found = decodeMultiple(await writeRows(cbor(), names, rows)) as Record<string, unknown>[];
    expect(found.map(({ name, sub, ratio, big }) => [name, sub, ratio, big])).toEqual(
      objects.map(({ name, sub, ratio, big }) => [name, sub, ratio, big]),
    );
  });
});

const hex = (text: string) => Buffer.from(text, 'hex');

// RFC 8949, appendix A; RFC 8943, and the registry of tags.
describe('the specification', () => {
  const cases: [string, Value][] = [
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['1bffffffffffffffff', 18446744073709551615n],
    ['c249010000000000000000', 18446744073709551616n],
    ['3bffffffffffffffff', -18446744073709551616n],
    ['c349010000000000000000', -18446744073709551617n],
    ['20', -1],
    ['3903e7', -1000],
    ['f90000', 0],
    ['f98000', -0],
    ['f93c00', 1],
    ['fb3ff199999999999a', 1.1],
    ['f97bff', 65504],
    ['fa47c35000', 100_000],
    ['fa7f7fffff', 3.4028234663852886e38],
    ['fb7e37e43c8800759c', 1e300],
    ['f90001', 5.960464477539063e-8],
    ['f90400', 0.00006103515625],
    ['f9c400', -4],
    ['f97c00', Infinity],
    ['f97e00', Number.NaN],
    ['fbfff0000000000000', -Infinity],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['f7', undefined],
    ['c074323031332d30332d32315432303a30343a30305a', new Date('2013-03-21T20:04:00Z')],
    ['c11a514b67b0', new Date(1363896240 * 1000)],
    ['c1fb41d452d9ec200000', new Date(1363896240.5 * 1000)],
    ['d82076687474703a2f2f7777772e6578616d706c652e636f6d', 'http://www.example.com'],
    ['40', new Uint8Array(0)],
    ['4401020304', Uint8Array.of(1, 2, 3, 4)],
    ['60', ''],
    ['62225c', '"\\'],
    ['64f0908591', '\ud800\udd51'],
    ['80', []],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['a201020304', { '1': 2, '3': 4 }],
    ['5f42010243030405ff', Uint8Array.of(1, 2, 3, 4, 5)],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['9fff', []],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['bf6346756ef563416d7421ff', { Fun: true, Amt: -2 }],
    ['c48221196ab3', new Decimal('273.15').toNumber()],
    ['c482210a', new Decimal('0.10')],
    ['c48219019001', new Decimal('1e400')],
    ['c5822003', 1.5],
    ['d903ec6a323032342d30322d3239', new Date('2024-02-29T00:00:00Z')],
    ['d86400', new Date(0)],
    ['d86421', new Date(-2 * 86_400_000)],
    ['d82550f81d4fae7dec11d0a76500a0c91e6bf6', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['d9010283010203', [1, 2, 3]],
    [
      'c0781e323032342d30322d32395431323a30303a30302e3030303030303030315a',
      new Timestamp(Date.UTC(2024, 1, 29, 12), 1),
    ],
  ];

  test.each(cases)('%s', async (text, value) => {
    const {
      rows: [row],
    } = await readRows(cbor(), hex(`a16161${text}`));
    expect(row).toEqual([value]);
  });

  test('self-described, and what a key may be', async () => {
    expect((await readRows(cbor(), hex('d9d9f7a1616101'))).rows).toEqual([[1]]);
    expect((await readRows(cbor(), hex('d9d9f79fa1616101ffa1616102'))).rows).toEqual([[1], [2]]);
  });

  test('is written as it prefers', async () => {
    const file = await writeRows(
      cbor(),
      ['a', ['b', { kind: 'float64' }], ['c', { kind: 'date' }]],
      [
        [24, 5, new Date('2024-02-29T00:00:00Z')],
        [-(10n ** 20n), null, undefined],
        [new Decimal('0.10'), 0.5, undefined],
      ],
    );
    expect(file.toString('hex')).toBe(
      'a3616118186162fb40140000000000006163d903ec6a323032342d30322d3239' +
        'a26161c349056bc75e2d630fffff6162f6' +
        'a26161c482210a6162fb3fe0000000000000',
    );
  });
});

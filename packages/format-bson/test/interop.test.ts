import { bson } from '@x/format-bson';
import { Decimal, type Value } from '@x/formats';
import { readRows, told, writeRows } from '@x/formats/contract-suite';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  deserialize,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp as BsonTimestamp,
  UUID,
} from 'bson';
import { describe, expect, test } from 'vitest';

describe('what bson writes', () => {
  test('is read, document by document', async () => {
    const documents = Array.from({ length: 500 }, (_, i) => ({
      _id: new ObjectId(i.toString(16).padStart(24, '0')),
      text: `näme ${'x'.repeat(i)}`,
      whole: new Int32(i),
      long: Long.fromString('9007199254740993'),
      double: new Double(i),
      price: Decimal128.fromString(`${i}.50`),
      at: new Date(i * 1500),
      bytes: new Binary(Uint8Array.of(i & 255, 1)),
      old: new Binary(Uint8Array.of(7), 2),
      uuid: new UUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6'),
      tags: ['a', i, null, ['b']],
      sub: { b: true, '2024': { x: i } },
      nothing: null,
    }));
    const { names, rows } = await readRows(bson(), Buffer.concat(documents.map((one) => serialize(one))));
    expect(names).toEqual(Object.keys(documents[0]!));
    expect(rows).toHaveLength(500);
    expect(rows.map((row) => row.map(told))).toEqual(
      documents.map((_, i) =>
        [
          i.toString(16).padStart(24, '0'),
          `näme ${'x'.repeat(i)}`,
          i,
          9007199254740993n,
          i,
          new Decimal(`${i}.50`),
          new Date(i * 1500),
          Uint8Array.of(i & 255, 1),
          Uint8Array.of(7),
          'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
          ['a', i, null, ['b']],
          { b: true, '2024': { x: i } },
          null,
        ].map((value) => told(value as Value)),
      ),
    );
    expect(rows[3]![5]).toEqual(new Decimal('3.50'));
  });

  test('what only databases have is read as its own Extended JSON', async () => {
    const document = {
      regex: new BSONRegExp('a.b', 'im'),
      code: new Code('f()'),
      scoped: new Code('f()', { x: 1 }),
      symbol: new BSONSymbol('s'),
      stamp: new BsonTimestamp({ t: 4_294_967_295, i: 7 }),
      least: new MinKey(),
      most: new MaxKey(),
    };
    const { names, rows } = await readRows(bson(), serialize(document));
    const extended = JSON.parse(EJSON.stringify(document, { relaxed: true })) as Record<string, unknown>;
    expect(Object.fromEntries(names.map((name, i) => [name, rows[0]![i]]))).toEqual(extended);
    const reference = await readRows(bson(), serialize({ a: new DBRef('c', new ObjectId('0'.repeat(24))) }));
    expect(reference.rows).toEqual([[{ $ref: 'c', $id: '0'.repeat(24) }]]);
  });
});

test('what is written is read by bson', async () => {
  const names = ['id', 'large', 'huge', 'double', 'price', 'at', 'day', 'bytes', 'tags', 'sub', 'none'];
  const day = ['day', { kind: 'date' }] as const;
  const columns = names.map((name) => (name === 'day' ? day : name));
  const rows: Value[][] = Array.from({ length: 300 }, (_, i) => [
    i - 100,
    2n ** 60n + BigInt(i),
    10n ** 30n,
    i / 7,
    new Decimal(`${i}.10`),
    new Date(i * 1500),
    new Date('2024-02-29T00:00:00Z'),
    Uint8Array.of(i & 255),
    ['x', [i]],
    { a: { b: 'é\0' }, c: undefined },
    i % 2 === 0 ? undefined : null,
  ]);
  let file = await writeRows(bson(), columns, rows);
  for (const [i] of rows.entries()) {
    const length = file.readInt32LE(0);
    const found = deserialize(file.subarray(0, length), { useBigInt64: true, promoteBuffers: true });
    file = file.subarray(length);
    expect(found).toEqual({
      id: i - 100,
      large: 2n ** 60n + BigInt(i),
      huge: Decimal128.fromString(String(10n ** 30n)),
      double: i / 7,
      price: Decimal128.fromString(`${i}.10`),
      at: new Date(i * 1500),
      day: '2024-02-29',
      bytes: Buffer.of(i & 255),
      tags: ['x', [i]],
      sub: { a: { b: 'é\0' } },
      ...(i % 2 === 1 && { none: null }),
    });
  }
  expect(file).toHaveLength(0);
});

// Cases of the BSON corpus, https://github.com/mongodb/specifications/tree/master/source/bson-corpus.
describe('decimal128', () => {
  const cases: [string, string][] = [
    ['000000000000000000000000000000007C00', 'NaN'],
    ['001200000000000000000000000000007E00', 'NaN'],
    ['000000000000000000000000000000007800', 'Infinity'],
    ['00000000000000000000000000000000F800', '-Infinity'],
    ['000000000000000000000000000000106C00', '0'],
    ['00DCBA9876543210DEADBEEF00000010EC00', '-0'],
    ['00FFFFFFFFFFFFFFFFFFFFFFFFFFFF403000', '5192296858534827628530496329220095'],
    ['00F2AF967ED05C82DE3297FF6FDE3CF22F00', '0.000001234567890123456789012345678901234'],
    ['0040EF5A07000000000000000000002A3000', '0.00123400000'],
    ['0001000000000000000000000000003E3000', '0.1'],
    ['00F2AF967ED05C82DE3297FF6FDE3CFC2F00', '0.1234567890123456789012345678901234'],
    ['000000000000000000000000000000403000', '0'],
    ['00000000000000000000000000000040B000', '-0'],
    ['0000000000000000000000000000003EB000', '-0.0'],
    ['00D0070000000000000000000000003A3000', '2.000'],
    ['00FFFFFFFF638E8D37C087ADBE09ED010000', '9.999999999999999999999999999999999E-6143'],
    ['000100000000000000000000000000000000', '1E-6176'],
    ['000100000000000000000000000000008000', '-1E-6176'],
    ['0064000000000000000000000000002CB000', '-1.00E-8'],
    ['000000000000000000000000000000205F00', '0E+6000'],
    ['0000000000000000000000000000007A2B00', '0E-611'],
    ['000100000000000000000000000000463000', '1E+3'],
    ['001A04000000000000000000000000423000', '1.050E+4'],
    ['00000000000A5BC138938D44C64D31FE5F00', '1.000000000000000000000000000000000E+6144'],
    ['00FFFFFFFF638E8D37C087ADBE09EDFF5F00', '9.999999999999999999999999999999999E+6144'],
    ['0079D9E0F9763ADA429D0200000000583000', '1.2345689012345789012345E+34'],
  ];

  test.each(cases)('%s is %s', async (bits, text) => {
    const { rows } = await readRows(bson(), Buffer.from(`180000001364${bits}`, 'hex'));
    const finite = /^-?\d/.test(text);
    expect(told(rows[0]![0])).toBe(finite ? told(new Decimal(text)) : text);
  });

  const written = cases.filter(([bits, text]) => /^-?\d/.test(text) && !/(?:106C|10EC)00$/.test(bits));
  test.each(written)('%s is written for %s', async (bits, text) => {
    const file = await writeRows(bson(), [['d', { kind: 'decimal' }]], [[new Decimal(text)]]);
    expect(told((await readRows(bson(), file)).rows[0]![0])).toBe(told(new Decimal(text)));
    expect(file.toString('hex').toUpperCase()).toBe(`180000001364${bits}`);
  });

  test.each(['1e7000', '1e-6177', '12345678901234567890123456789012345', '1.2e-6176'])(
    '%s is refused',
    async (text) => {
      await expect(writeRows(bson(), ['d'], [[new Decimal(text)]])).rejects.toMatchObject({
        code: 'UNREPRESENTABLE',
        row: 1,
        field: 'd',
        hint: expect.any(String),
      });
    },
  );
});

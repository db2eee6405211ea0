// The statistics of row groups, as hyparquet reads them; and DuckDB, which passes over row groups by them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DataType, Decimal, rowsBatch, type Value } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';
import { parquetMetadata, type ParquetParsers } from 'hyparquet';
import { expect, test } from 'vitest';

import { askDuckDb } from './support/duckdb.ts';

async function fileOf(type: DataType, values: readonly Value[], rowGroupSize = 1000): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = parquet().createWriter(sink, { rowGroupSize });
  const rows = values.map((value) => [value]);
  await writer.write(rowsBatch({ columns: [{ name: 'x', type }] }, rows, 0));
  await writer.finish();
  return sink.bytes;
}

/** Days, units since 1970 and bytes stay what they are. */
const parsers = {
  dateFromDays: (days: number) => days,
  timestampFromMilliseconds: (units: bigint) => units,
  timestampFromMicroseconds: (units: bigint) => units,
  timestampFromNanoseconds: (units: bigint) => units,
  stringFromBytes: (bytes: Uint8Array) => Buffer.from(bytes),
} as unknown as ParquetParsers;

/** What each row group says: least, greatest, whether they are exact, and how many are null. */
async function statisticsOf(type: DataType, values: readonly Value[], rowGroupSize?: number) {
  const { buffer } = new Uint8Array(await fileOf(type, values, rowGroupSize));
  return parquetMetadata(buffer, { parsers }).row_groups.map(({ columns }) => {
    const own = columns[0]!.meta_data!.statistics!;
    return [own.min_value, own.max_value, own.is_min_value_exact, own.is_max_value_exact, own.null_count];
  });
}

const many = Array.from({ length: 700 }, (_, i) => i);
const utc = (text: string): Date => new Date(`${text}Z`);
const decimal = { kind: 'decimal', precision: 10, scale: 2 } as const;
const micros = { kind: 'timestamp', unit: 'us', zoned: true } as const;

const numbers: readonly (readonly [
  what: string,
  type: DataType,
  values: readonly Value[],
  stats: unknown[],
])[] = [
  ['integers with a dictionary', { kind: 'integer' }, [3, null, -7, 3], [-7n, 3n, true, true, 1n]],
  [
    'integers without one',
    { kind: 'integer' },
    [...many, 2n ** 63n - 1n, -(2n ** 63n), null],
    [-(2n ** 63n), 2n ** 63n - 1n, true, true, 1n],
  ],
  ['doubles', { kind: 'float64' }, [0.5, -1.25, null, 1e300], [-1.25, 1e300, true, true, 1n]],
  ['doubles with NaN', { kind: 'float64' }, [Number.NaN, 2, -2, Number.NaN], [-2, 2, true, true, 0n]],
  [
    'only NaN',
    { kind: 'float64' },
    [Number.NaN, Number.NaN],
    [undefined, undefined, undefined, undefined, 0n],
  ],
  [
    'infinities',
    { kind: 'float64' },
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, true, true, 0n],
  ],
  // The two zeros are one in the order of doubles, so the least is the one below and the greatest the one above.
  ['0', { kind: 'float64' }, [0, 1], [-0, 1, true, true, 0n]],
  ['-0', { kind: 'float64' }, [-0, -1], [-1, 0, true, true, 0n]],
  ['booleans', { kind: 'boolean' }, [true, null, true], [true, true, true, true, 1n]],
  ['both booleans', { kind: 'boolean' }, [true, false], [false, true, true, true, 0n]],
  ['decimals', decimal, [new Decimal('-10.50'), 3, new Decimal('9.99')], [-10.5, 9.99, true, true, 0n]],
  ['dates', { kind: 'date' }, [utc('1970-01-02'), null, utc('1969-12-31')], [-1, 1, true, true, 1n]],
  [
    'moments',
    micros,
    [utc('1970-01-01T00:00:01'), utc('1969-12-31T23:59:59')],
    [-1000000n, 1000000n, true, true, 0n],
  ],
  ['nothing', { kind: 'integer' }, [null, null], [undefined, undefined, undefined, undefined, 2n]],
];

test.each(numbers)('%s', async (_, type, values, expected) => {
  expect(await statisticsOf(type, values)).toEqual([expected]);
});

test('extremes are found in every page', async () => {
  // Too many different values for a dictionary, and several pages of them.
  const values = Array.from({ length: 65_000 }, (_, i) => (i * 7919) % 65_003);
  for (const at of [0, 30_000, 64_999]) {
    const own = values.toSpliced(at, 1, -5).toSpliced((at + 100) % 65_000, 1, 99_999);
    const numberStats = await statisticsOf({ kind: 'integer' }, own, 65_000);
    expect(numberStats).toEqual([[-5n, 99_999n, true, true, 0n]]);
    const doubles = own.map((value) => value / 8);
    expect(await statisticsOf({ kind: 'float64' }, doubles, 65_000)).toEqual([
      [-0.625, 12_499.875, true, true, 0n],
    ]);
    const texts = own.map((value) => String(value + 100_000).padStart(6, '0'));
    expect(await statisticsOf({ kind: 'string' }, texts, 65_000)).toEqual([
      [Buffer.from('099995'), Buffer.from('199999'), true, true, 0n],
    ]);
  }
});

test('each row group has its own', async () => {
  const values = [5, 1, null, 9, 7, 8, -2];
  expect(await statisticsOf({ kind: 'integer' }, values, 3)).toEqual([
    [1n, 5n, true, true, 1n],
    [7n, 9n, true, true, 0n],
    [-2n, -2n, true, true, 0n],
  ]);
});

/** Texts whose extremes are longer than what is kept. */
const long = {
  ascii: ['a'.repeat(100), 'b'.repeat(100), `${'b'.repeat(99)}c`],
  'ASCII up to its end': ['~'.repeat(100), `${'~'.repeat(64)}a`],
  'two bytes across the cut': ['é'.repeat(100), `x${'é'.repeat(100)}`],
  'three bytes': ['王'.repeat(50), `a${'王'.repeat(50)}`],
  'four bytes, the last character there is': ['\u{10FFFF}'.repeat(40), 'a'],
  'just as long as is kept': ['a'.repeat(64), 'b'.repeat(64)],
  'few before many': [`z${'é'.repeat(90)}`, 'z'],
};

test.each(Object.entries(long))(
  'texts, %s: what is kept of long ones still is around all of them',
  async (_, texts) => {
    const bytes = texts.map((text) => Buffer.from(text)).toSorted((a, b) => a.compare(b));
    const [least = Buffer.alloc(0)] = bytes;
    const greatest = bytes.at(-1) ?? least;
    const [[min, max, isMinExact, isMaxExact]] = (await statisticsOf({ kind: 'string' }, texts)) as [
      [Buffer, Buffer | undefined, boolean, boolean | undefined],
    ];
    expect(min.compare(least)).toBe(isMinExact ? 0 : -1);
    expect(isMinExact).toBe(least.length <= 64);
    expect(min.length).toBeLessThanOrEqual(64);
    // It has to be text itself.
    expect(Buffer.from(min.toString('utf8')).equals(min)).toBe(true);
    if (max === undefined) return;
    expect(max.compare(greatest)).toBe(isMaxExact ? 0 : 1);
    expect(isMaxExact).toBe(greatest.length <= 64);
    expect(Buffer.from(max.toString('utf8')).equals(max)).toBe(true);
  },
);

test('bytes: the greatest is left out where nothing is greater', async () => {
  const type = { kind: 'binary' } as const;
  expect(await statisticsOf(type, [Buffer.alloc(100, 0xff)])).toEqual([
    [expect.any(Buffer), undefined, false, undefined, 0n],
  ]);
  expect(await statisticsOf(type, [Buffer.of(0xff, 0), Buffer.of(0xff)])).toEqual([
    [Buffer.of(0xff), Buffer.of(0xff, 0), true, true, 0n],
  ]);
});

const searched: readonly (readonly [DataType, readonly Value[], (value: never) => string])[] = [
  [{ kind: 'integer' }, many.map((i) => (i * 7919) % 701), String],
  [{ kind: 'float64' }, many.map((i) => ((i * 7919) % 701) / 8 - 40), String],
  [{ kind: 'string' }, many.map((i) => `${'é'.repeat(i % 50)}${i % 9}`), (text: string) => `'${text}'`],
  [decimal, many.map((i) => new Decimal(`${(i % 90) - 45}.25`)), (value: Decimal) => value.text],
  [
    { kind: 'date' },
    many.map((i) => new Date((i - 300) * 86_400_000)),
    (date: Date) => `'${date.toISOString().slice(0, 10)}'::DATE`,
  ],
];

test.each(searched)(
  'DuckDB finds every one of %o, passing over row groups',
  async (type, values, spelled) => {
    const folder = await mkdtemp(join(tmpdir(), 'parquet-'));
    const path = join(folder, 'x.parquet');
    try {
      await writeFile(path, await fileOf(type, values, 50));
      const counts = new Map<string, number>();
      for (const value of values) {
        const literal = spelled(value as never);
        counts.set(literal, (counts.get(literal) ?? 0) + 1);
      }
      const parts = Array.from(
        counts,
        ([literal], i) => `(SELECT count(*) FROM '${path}' WHERE x = ${literal}) AS c${i}`,
      );
      for (let from = 0; from < parts.length; from += 100) {
        const [row] = await askDuckDb(`SELECT ${parts.slice(from, from + 100).join(', ')}`);
        expect(Object.values(row!)).toEqual([...counts.values()].slice(from, from + 100).map(String));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

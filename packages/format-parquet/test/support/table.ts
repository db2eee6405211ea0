// A table with a column of each type that is written, awkward values and nulls in each.
import { type Column, Decimal, type Value } from '@x/formats';

import { told } from './duckdb.ts';

const timestamp = (unit: 'ms' | 'us' | 'ns', zoned: boolean) => ({ kind: 'timestamp', unit, zoned }) as const;
const item: Column[] = [
  { name: 'sku', type: { kind: 'string' } },
  { name: 'count', type: { kind: 'integer' } },
];

/** A column, and its value in a row. */
export const columns: readonly (Column & { readonly of: (row: number) => Value })[] = [
  { name: 'id', type: { kind: 'integer' }, of: (i) => i },
  { name: 'large', type: { kind: 'integer' }, of: (i) => 2n ** 62n - BigInt(i) },
  { name: 'few', type: { kind: 'string' }, of: (i) => ['', 'Zoë', '東京', 'a "quoted", one\n'][i % 4] },
  { name: 'many', type: { kind: 'string' }, of: (i) => `${'é'.repeat(i % 30)} ${i * 7919}` },
  { name: 'double', type: { kind: 'float64' }, of: (i) => (i % 3 === 0 ? -i / 8 : i / 3) },
  {
    name: 'odd',
    type: { kind: 'float64' },
    of: (i) => [Number.NaN, Number.NEGATIVE_INFINITY, -0, 5e-324][i % 4],
  },
  { name: 'flag', type: { kind: 'boolean' }, of: (i) => i % 2 === 0 },
  { name: 'day', type: { kind: 'date' }, of: (i) => new Date((i - 500) * 86_400_000 * 30) },
  { name: 'ms', type: timestamp('ms', true), of: (i) => new Date(i * 999_999_999) },
  { name: 'us', type: timestamp('us', true), of: (i) => new Date(-i * 999_999_999) },
  { name: 'ns', type: timestamp('ns', false), of: (i) => new Date(i * 1e9 + 7) },
  { name: 'local', type: timestamp('us', false), of: (i) => new Date(i * 1e10) },
  {
    name: 'time',
    type: { kind: 'time', unit: 'us' },
    of: (i) => `12:34:${10 + (i % 50)}.000${100 + (i % 900)}`,
  },
  {
    name: 'price',
    type: { kind: 'decimal', precision: 12, scale: 2 },
    of: (i) => new Decimal(`${i - 50}.05`),
  },
  {
    name: 'wide',
    type: { kind: 'decimal', precision: 38, scale: 10 },
    of: (i) => new Decimal(`${i % 2 === 0 ? '-' : ''}1234567890123456789012345.00000${10_000 + i}`),
  },
  { name: 'bytes', type: { kind: 'binary' }, of: (i) => Buffer.of(i & 255, 0, 255) },
  {
    name: 'list',
    type: { kind: 'list', item: { kind: 'integer' } },
    of: (i) => [[], [i], [i, null, 3]][i % 3],
  },
  {
    name: 'struct',
    type: { kind: 'struct', fields: item },
    of: (i) => ({ sku: `s${i}`, count: i % 4 ? i : null }),
  },
  {
    name: 'items',
    type: { kind: 'list', item: { kind: 'struct', fields: item } },
    of: (i) => Array.from({ length: i % 4 }, (_, k) => ({ sku: k === 1 ? null : `s${k}`, count: k })),
  },
  {
    name: 'map',
    type: { kind: 'map', value: { kind: 'float64' } },
    of: (i) =>
      Object.fromEntries(Array.from({ length: i % 3 }, (_, k) => [`key ${k}`, k === 1 ? null : k / 2])),
  },
  { name: 'json', type: { kind: 'json' }, of: (i) => [{ a: [i, null] }, 'text', i / 2, [], false][i % 5] },
  { name: 'none', type: { kind: 'string' }, of: () => null },
];

export const rowCount = 1500;
/** Every seventh value of a column is null, in each in other rows. */
export const rows = Array.from({ length: rowCount }, (_, i) =>
  columns.map(({ of }, column) => (column > 0 && (i + column) % 7 === 0 ? null : of(i))),
);
/** As DuckDB spells them. */
export const expected = rows.map((values) => {
  return Object.fromEntries(columns.map(({ name, type }, i) => [name, told(values[i], type)]));
});

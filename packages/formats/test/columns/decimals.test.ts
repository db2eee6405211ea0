import { expect, test } from 'vitest';

import type { ColumnData, DataType } from '@x/formats';
import { columnsBatch, columnsOf, valuesOf } from '@x/formats/columns';

const decimal = (precision: number | undefined): DataType =>
  precision === undefined ? { kind: 'decimal', scale: 2 } : { kind: 'decimal', precision, scale: 2 };
const integers = { kind: 'int64', values: BigInt64Array.of(0n, 12345n, -7n), validity: Uint8Array.of(0b110) };
const values = { kind: 'values', values: [null, 123.45, -0.07] };

test.for([
  [18, 'int64', integers],
  [18, 'int64', values],
  [19, 'values', integers],
  [19, 'values', values],
  [undefined, 'values', integers],
] as const)('a decimal of %s digits is given as %s', async ([precision, kind, data]) => {
  const columns = [{ name: 'a', type: decimal(precision) }];
  const batch = columnsBatch({ columns }, [data as ColumnData], 3, 0);
  const taken = await columnsOf(batch, { format: 'test', columns, order: [0], onBadRow: undefined });
  expect(taken.columns[0]!.kind).toBe(kind);
  const valueAt = valuesOf(taken.columns[0]!, columns[0]!.type);
  expect([0, 1, 2].map((i) => valueAt(i))).toEqual([null, 123.45, -0.07]);
});

test('a value of more digits than its type has is refused', async () => {
  const columns = [{ name: 'a', type: { kind: 'decimal', precision: 3, scale: 0 } as const }];
  const data: ColumnData = { kind: 'values', values: [1, 1000] };
  const batch = columnsBatch({ columns }, [data], 2, 0);
  const taking = columnsOf(batch, { format: 'test', columns, order: [0], onBadRow: undefined });
  await expect(taking).rejects.toMatchObject({ code: 'TYPE_MISMATCH', row: 2, field: 'a' });
});

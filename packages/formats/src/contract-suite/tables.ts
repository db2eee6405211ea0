import type { Batch, DataType, Schema, Value } from '../contract.ts';
import { rowsBatch } from '../batch/rows-batch.ts';
import type { Table } from './subject.ts';

/** A table of those columns. */
export function tableOf(
  columns: readonly (readonly [name: string, type: DataType['kind'] | DataType])[],
  rows: readonly (readonly Value[])[],
): Table {
  const schema: Schema = {
    columns: columns.map(([name, type]) => ({
      name,
      type: typeof type === 'string' ? ({ kind: type } as DataType) : type,
    })),
  };
  return { schema, rows };
}

/** A table as one batch, or as batches of so many rows. */
export function batchesOf({ schema, rows }: Table, size = rows.length): Batch[] {
  const batches: Batch[] = [];
  for (let row = 0; row < rows.length; row += size) {
    batches.push(rowsBatch(schema, rows.slice(row, row + size), row));
  }
  return batches;
}

/** A table of numbers, texts and nulls, of which no row is as another. */
export function people(count: number): Table {
  return tableOf(
    [
      ['id', 'integer'],
      ['name', 'string'],
      ['score', 'float64'],
      ['isNew', 'boolean'],
    ],
    Array.from({ length: count }, (_, i) => [
      i + 1,
      i % 7 === 0 ? `näme, ${i}` : `name ${i}`,
      i % 5 === 0 ? null : i / 4 + 0.125,
      i % 2 === 0,
    ]),
  );
}

import type { Batch, Schema, Value } from '../contract.ts';

/** A batch of rows that are JavaScript values already. */
export function rowsBatch(schema: Schema, rows: readonly (readonly Value[])[], firstRow: number): Batch {
  return { schema, rowCount: rows.length, firstRow, layout: { kind: 'rows' }, rows: () => rows };
}

import type { Batch, ColumnData, Schema, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { valuesOf } from './column-values.ts';

/** A batch of columns. */
export function columnsBatch(
  schema: Schema,
  columns: readonly ColumnData[],
  rowCount: number,
  firstRow: number,
): Batch {
  const layout = { kind: 'columns', columns } as const;
  const batch = { schema, rowCount, firstRow, layout };
  return { ...batch, rows: () => rowsOf(schema, columns, rowCount, firstRow) };
}

/** The values of `rowCount` rows from number `from`; that is row `firstRow` of the source. */
export function* rowsOf(
  { columns }: Schema,
  data: readonly ColumnData[],
  rowCount: number,
  firstRow: number,
  from = 0,
): Generator<Value[]> {
  const readers = columns.map(({ type }, i) => valuesOf(data[i]!, type));
  for (let row = 0; row < rowCount; row++) {
    const values: Value[] = [];
    for (let i = 0; i < readers.length; i++) {
      try {
        values.push(readers[i]!(from + row));
      } catch (error) {
        throw placed(error, firstRow + row + 1, columns[i]!.name);
      }
    }
    yield values;
  }
}

/** An error of a value, with the row and the column that it is in. */
function placed(error: unknown, row: number, field: string): unknown {
  if (!(error instanceof FormatError)) return error;
  const { code, problem, hint } = error;
  return new FormatError(code, problem, { row, field, ...(hint !== undefined && { hint }) });
}

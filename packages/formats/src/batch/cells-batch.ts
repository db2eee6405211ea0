import type { Batch, CellsLayout, Schema, Value } from '../contract.ts';
import { SpelledCells } from './arena-cells.ts';
import { CellReader, isRespelled } from './cell-reader.ts';

/** A batch of cells, as they are in the bytes of the source. */
export function cellsBatch(schema: Schema, cells: CellsLayout, rowCount: number, firstRow: number): Batch {
  // Where a value is another text than that of its cell, a writer has to see the value.
  const layout = schema.columns.some(({ type }) => isRespelled(type)) ? new SpelledCells(cells) : cells;
  return { schema, rowCount, firstRow, layout, rows: () => rowsOf(schema, cells, rowCount) };
}

function* rowsOf(schema: Schema, layout: CellsLayout, rowCount: number): Generator<Value[]> {
  const types = schema.columns.map(({ type }) => type);
  const cells = new CellReader(layout);
  for (let row = 0; row < rowCount; row++) {
    const values: Value[] = [];
    cells.readRow(row, types, values);
    yield values;
  }
}

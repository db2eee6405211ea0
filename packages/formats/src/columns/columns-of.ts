import { arenaCellsIn } from '../batch/arena-cells.ts';
import type { Batch, ColumnData } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { columnKernelOf } from '../kernel/columns.ts';
import { columnBuilder } from './column-builder.ts';
import { type ColumnsPlan, mismatch } from './columns-plan.ts';
import { columnsOfCells } from './from-cells.ts';

/** Columns of as many rows as could be held. */
export interface Columns {
  readonly rowCount: number;
  readonly columns: readonly ColumnData[];
}

/**
 * The values of a batch column by column, each as its type says, nothing rounded. They are valid until
 * the next call.
 *
 * @throws {FormatError} TYPE_MISMATCH for a value that its column's type cannot hold.
 */
export async function columnsOf(batch: Batch, plan: ColumnsPlan): Promise<Columns> {
  try {
    const { layout } = batch;
    if (layout.kind === 'columns' && isSame(batch, plan)) {
      return { rowCount: batch.rowCount, columns: plan.order.map((i) => layout.columns[i]!) };
    }
    const cells = arenaCellsIn(layout);
    if (cells !== undefined && columnKernelOf(cells.place.arena) !== undefined) {
      return { rowCount: batch.rowCount, columns: await columnsOfCells(batch, cells, plan) };
    }
  } catch (error) {
    if (plan.onBadRow === undefined || !(error instanceof FormatError)) throw error;
  }
  return columnsOfRows(batch, plan);
}

function isSame({ schema }: Batch, { columns, order }: ColumnsPlan): boolean {
  return order.every((from, i) => {
    const type = schema.columns[from]?.type;
    return type !== undefined && JSON.stringify(type) === JSON.stringify(columns[i]!.type);
  });
}

function columnsOfRows(batch: Batch, plan: ColumnsPlan): Columns {
  const { columns, order, onBadRow } = plan;
  const builders = columns.map(({ type }) => columnBuilder(type, batch.rowCount));
  let row = batch.firstRow;
  let rowCount = 0;
  for (const values of batch.rows()) {
    row++;
    const bad = builders.findIndex((builder, i) => !builder.add(values[order[i]!]));
    if (bad < 0) {
      rowCount++;
      continue;
    }
    const error = mismatch(batch, plan, bad, row, values[order[bad]!]);
    if (onBadRow === undefined) throw error;
    for (const builder of builders.slice(0, bad)) builder.undo();
    onBadRow(error, row, values);
  }
  return { rowCount, columns: builders.map((builder) => builder.build()) };
}

import { arenaCellsIn } from '../batch/arena-cells.ts';
import type { Batch, ColumnData, DataType } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { columnKernelOf } from '../kernel/columns.ts';
import { columnBuilder } from './column-builder.ts';
import { valuesOf } from './column-values.ts';
import { type ColumnsPlan, mismatch } from './columns-plan.ts';
import { columnsOfCells } from './from-cells.ts';

/** Columns of as many rows as could be held. */
export interface Columns {
  readonly rowCount: number;
  readonly columns: readonly ColumnData[];
}

/**
 * The values of a batch column by column, each as its type says, nothing rounded: decimals of more than 18
 * digits as values, others as integers. They are valid until the next call.
 *
 * @throws {FormatError} TYPE_MISMATCH for a value that its column's type cannot hold.
 */
export async function columnsOf(batch: Batch, plan: ColumnsPlan): Promise<Columns> {
  try {
    const { layout } = batch;
    if (layout.kind === 'columns' && isSame(batch, plan)) {
      const columns = plan.order.map((from, i) =>
        inOwnLayout(layout.columns[from]!, plan.columns[i]!.type, batch.rowCount),
      );
      if (columns.every((column) => column !== undefined)) return { rowCount: batch.rowCount, columns };
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

/**
 * The column as it is, but for decimals that are laid out as those of fewer or more digits are: unsigned
 * integers of 64 bits are decimals of 20 digits, and mostly fit 64 bits. Undefined where a value is not of the type.
 */
function inOwnLayout(data: ColumnData, type: DataType, rowCount: number): ColumnData | undefined {
  if (type.kind !== 'decimal') return data;
  const isWide = type.precision === undefined || type.precision > 18;
  if (isWide === (data.kind === 'values')) return data;
  const builder = columnBuilder(type, rowCount);
  const valueAt = valuesOf(data, type);
  for (let i = 0; i < rowCount; i++) if (!builder.add(valueAt(i))) return undefined;
  return builder.build();
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

import { arenaCellsIn } from '../batch/arena-cells.ts';
import type { Batch, Column, CommonWriteOptions, DataType, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { Decimal } from '../value/decimal.ts';

/** What the columns of a batch are to be turned into. */
export interface ColumnsPlan {
  readonly format: string;
  /** The columns, in the order and with the types that the result is to have. */
  readonly columns: readonly Column[];
  /** For each, the number of the batch's column, −1 where it has none: all are null. */
  readonly order: readonly number[];
  /** Is told of a row that a type cannot hold; the row is then left out. Without it the error is thrown. */
  readonly onBadRow?: CommonWriteOptions['onBadRow'];
}

/** What is said of a value that its column cannot hold. */
export function mismatch(
  batch: Batch,
  { columns, order, format }: ColumnsPlan,
  column: number,
  row: number,
  value: Value,
): FormatError {
  const { name, type } = columns[column]!;
  const { layout, firstRow } = batch;
  let where = {};
  const cells = arenaCellsIn(layout);
  if (cells !== undefined) {
    const cell = (row - 1 - firstRow) * cells.stride + cells.order[order[column]!]!;
    where = cells.place.locate(cells.bounds[cell * 2]!);
  }
  if (typeof value === 'string' && type.kind === 'string') {
    return new FormatError('UNREPRESENTABLE', 'text with half of a surrogate pair cannot be UTF-8', {
      ...where,
      format,
      row,
      field: name,
    });
  }
  return new FormatError('TYPE_MISMATCH', `${shown(value)} is no ${shownType(type)}`, {
    ...where,
    format,
    row,
    field: name,
    hint: `give the column a type that holds all its values with types, or look at more rows with scanLimit`,
  });
}

function shown(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'object' && !Decimal.is(value) && value !== null ? 'an object' : String(value);
}

function shownType(type: DataType): string {
  if (type.kind === 'decimal') return `decimal of ${type.precision} digits, ${type.scale} after the point`;
  return type.kind === 'timestamp' ? `timestamp in ${type.unit}` : type.kind;
}

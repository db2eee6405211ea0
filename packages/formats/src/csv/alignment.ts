import { ArenaCells } from '../batch/arena-cells.ts';
import type { Batch, Schema, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';

/** How the columns of a batch go into those of a header. */
export interface Alignment {
  /** For each column of the header, the number of the batch's column, −1 where it has none. */
  readonly columns: readonly number[];
  /** The batch's columns that the header lacks. */
  readonly extra: readonly number[];
}

export function align(header: Schema, schema: Schema): Alignment {
  const known = new Set(header.columns.map(({ name }) => name));
  const numbers = new Map(schema.columns.map(({ name }, i) => [name, i]));
  return {
    columns: header.columns.map(({ name }) => numbers.get(name) ?? -1),
    extra: schema.columns.flatMap(({ name }, i) => (known.has(name) ? [] : [i])),
  };
}

/** @throws {FormatError} EXTRA_KEY when a row has a value in one of the extra columns. */
export function refuseExtra(
  extra: readonly number[],
  values: readonly Value[],
  batch: Batch,
  row: number,
  format: string,
): void {
  const column = extra.find((i) => values[i] !== undefined);
  if (column === undefined) return;
  const { name } = batch.schema.columns[column]!;
  throw new FormatError('EXTRA_KEY', `${JSON.stringify(name)} is not among the columns of the header`, {
    format,
    field: name,
    ...placeOf(batch, row, column),
    row: row + 1,
    hint: `look at more rows for columns with scanLimit, or leave it out with onExtraKey: 'drop'`,
  });
}

/** Where the source has the cell, if it is still there. */
function placeOf({ layout, firstRow }: Batch, row: number, column: number): object {
  if (!(layout instanceof ArenaCells)) return {};
  const cell = (row - firstRow) * layout.stride + layout.order[column]!;
  return layout.place.locate(layout.bounds[cell * 2]!);
}

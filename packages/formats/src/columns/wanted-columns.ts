import type { Column, ColumnData, CommonReadOptions } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import type { RowPlan } from '../row-plan.ts';
import { checkNamed, selection } from '../typing/asked-types.ts';
import { textOf } from '../value/text.ts';
import { columnBuilder } from './column-builder.ts';
import { valuesOf } from './column-values.ts';

/** A column that is wanted of a file that has types. */
export interface WantedColumn {
  /** Its number in the file. */
  readonly from: number;
  readonly column: Column;
  /** Whether its values are to be turned into text. */
  readonly asText: boolean;
}

/**
 * The wanted columns of a file that has types of its own: with `types`, text can be made of a column.
 *
 * @throws {FormatError} NO_SUCH_COLUMN, DUPLICATE_COLUMN, or BAD_OPTION for a type that a column does not have.
 */
export function wantedColumns(
  columns: readonly Column[],
  { format, columns: wanted }: RowPlan,
  types: CommonReadOptions['types'],
): WantedColumn[] {
  const names = columns.map(({ name }) => name);
  const order = selection(names, wanted, format);
  checkNamed(names, types, format);
  const seen = new Set<string>();
  return order.map((from) => {
    const column = columns[from]!;
    const { name } = column;
    if (seen.has(name)) {
      throw new FormatError('DUPLICATE_COLUMN', `two columns have the name ${JSON.stringify(name)}`, {
        format,
        field: name,
        hint: 'name the columns to read with columns: of a name that is there twice, the first is read',
      });
    }
    seen.add(name);
    const asked =
      typeof types === 'string' ? types : types && Object.hasOwn(types, name) ? types[name] : types?.['*'];
    if (asked === undefined || asked === 'infer' || asked === 'any' || asked === column.type.kind) {
      return { from, column, asText: false };
    }
    if (asked !== 'text' && asked !== 'string') {
      throw new FormatError('BAD_OPTION', `the column ${JSON.stringify(name)} is no ${asked}`, {
        format,
        field: name,
        hint: `it is ${column.type.kind}; types can make text of it`,
      });
    }
    const asText = column.type.kind !== 'string';
    return { from, column: { name, type: { kind: 'string' } }, asText };
  });
}

/** The values of a column as text. `firstRow` is the place of the first among the rows of the file, from 0. */
export function textColumn(
  data: ColumnData,
  { name, type }: Column,
  rowCount: number,
  format: string,
  firstRow: number,
): ColumnData {
  const valueAt = valuesOf(data, type);
  const builder = columnBuilder({ kind: 'string' }, rowCount);
  for (let i = 0; i < rowCount; i++) {
    const value = valueAt(i);
    const place = { format, row: firstRow + i + 1, field: name, type };
    builder.add(value === null || value === undefined ? null : textOf(value, place));
  }
  return builder.build();
}

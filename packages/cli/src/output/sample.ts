import type { Style } from './style.ts';
import { table, type TableCell } from './table.ts';

type Column = { readonly name: string; readonly type: { readonly kind: string } };

const numeric = new Set(['integer', 'float64', 'decimal']);

/** Rows as a table; columns that hold nothing but numbers stand on the right. */
export function sampleTable(
  columns: readonly Column[],
  rows: readonly (readonly unknown[])[],
  style: Style,
  room: { readonly width: number | undefined; readonly indent?: string },
): string {
  const titles = columns.map(({ name, type }, i) => {
    const cells = rows.map((row) => row[i]).filter((cell) => cell !== null && cell !== undefined);
    const isNumeric = numeric.has(type.kind) || (cells.length > 0 && cells.every(looksNumeric));
    return { title: name, align: isNumeric ? ('right' as const) : ('left' as const) };
  });
  return table(
    titles,
    rows.map((row) => columns.map((_, i) => cellText(row[i]))),
    style,
    room,
  );
}

/** A cell as people read it. Null is `null`; undefined where the row has no such cell. */
export function cellText(value: unknown): TableCell {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  // A day of the calendar is no moment as JSON either.
  if (value instanceof Date) return value.toJSON();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A decimal has a text of its own; lists and objects are shown as JSON.
  if (prototype !== null && prototype !== Object.prototype && !Array.isArray(value))
    return (value as { toString: () => string }).toString();
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
}

function looksNumeric(cell: unknown): boolean {
  return (
    typeof cell === 'number' ||
    typeof cell === 'bigint' ||
    (typeof cell === 'string' && /^-?\d+(?:\.\d+)?$/.test(cell))
  );
}

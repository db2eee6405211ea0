import type { Row, Schema, Value } from '@x/formats';

/**
 * A row as an object whose values are exactly those of its batch, numbers with a spelling of their own
 * included. Callers get `rowObjects` of the formats.
 *
 * Keys are in the order of the columns. A cell that the source does not have has no key.
 */
export function exactRow({ columns }: Schema, values: readonly Value[]): Row {
  const row: Row = {};
  for (const [i, { name }] of columns.entries()) {
    const value = values[i];
    if (value !== undefined) setCell(row, name, value);
  }
  return row;
}

/** Plain assignment to `__proto__` would set the prototype, and lose the cell. */
export function setCell(row: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') row[name] = value;
  else Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true });
}

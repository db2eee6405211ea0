import type { Batch, Row } from '@x/formats';

/**
 * The rows of a batch as objects, keys in the order of the columns. A cell that the source does
 * not have has no key.
 */
export function* rowObjects(batch: Batch): Generator<Row, void> {
  const names = batch.schema.columns.map(({ name }) => name);
  for (const values of batch.rows()) {
    const row: Row = {};
    for (const [i, name] of names.entries()) {
      const value = values[i];
      if (value === undefined) continue;
      setCell(row, name, value);
    }
    yield row;
  }
}

/** Plain assignment to `__proto__` would set the prototype, and lose the cell. */
export function setCell(row: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') row[name] = value;
  else Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true });
}

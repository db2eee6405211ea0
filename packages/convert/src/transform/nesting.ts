import type { Batch, Value } from '@x/formats';

import { ConvertError } from '../errors.ts';
import { RowBatcher } from '../rows/row-batcher.ts';
import { exactRows, setCell } from '../rows/exact-rows.ts';

type Nested = Readonly<Record<string, Value>>;

/**
 * Nested objects to columns with dotted names, at all levels: `{ a: { b: 1 } }` to `a.b`. Lists
 * stay values, and an empty object stays one, so that nothing is lost and `unflattened` leads back.
 */
export function flattened(batches: AsyncIterable<Batch>, scanLimit: number): AsyncGenerator<Batch, void> {
  return eachRow(batches, scanLimit, (row, rowNumber) => {
    const flat: Record<string, Value> = {};
    const spread = (value: Value, name: string): void => {
      if (isNested(value) && Object.keys(value).length > 0) {
        for (const [key, inner] of Object.entries(value)) spread(inner, `${name}.${key}`);
      } else if (Object.hasOwn(flat, name)) throw collision(name, rowNumber);
      else setCell(flat, name, value);
    };
    for (const [key, value] of Object.entries(row)) spread(value, key);
    return flat;
  });
}

/** Columns with dotted names to nested objects: the way back. */
export function unflattened(batches: AsyncIterable<Batch>, scanLimit: number): AsyncGenerator<Batch, void> {
  return eachRow(batches, scanLimit, (row, rowNumber) => {
    const nested: Record<string, Value> = {};
    for (const [name, value] of Object.entries(row)) {
      const path = name.split('.');
      const last = path.pop()!;
      let at: Record<string, Value> = nested;
      for (const key of path) {
        if (!Object.hasOwn(at, key)) setCell(at, key, {});
        const inner = at[key];
        if (!isNested(inner)) throw collision(name, rowNumber);
        at = inner;
      }
      if (Object.hasOwn(at, last)) throw collision(name, rowNumber);
      setCell(at, last, value);
    }
    return nested;
  });
}

/** @param scanLimit Rows that come in one batch at first, so that it has the columns of all of them. */
async function* eachRow(
  batches: AsyncIterable<Batch>,
  scanLimit: number,
  change: (row: Nested, rowNumber: number) => Nested,
): AsyncGenerator<Batch, void> {
  const batcher = new RowBatcher();
  for await (const batch of batches) {
    let rowNumber = batch.firstRow;
    for (const row of exactRows(batch)) {
      rowNumber += 1;
      batcher.add(change(row as Nested, rowNumber));
    }
    if (rowNumber >= scanLimit && batcher.pending > 0) yield batcher.take();
  }
  if (batcher.pending > 0) yield batcher.take();
}

function isNested(value: Value): value is Record<string, Value> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function collision(column: string, row: number): ConvertError {
  return new ConvertError('COLUMN_COLLISION', `two values of the row belong into the column '${column}'`, {
    row,
    column,
    hint: 'rename one of them in the source',
  });
}

import type { Batch, Column, Value } from '@x/formats';

import { ConvertError } from '../errors.ts';
import { RowBatcher } from '../rows/row-batcher.ts';
import { setCell } from '../rows/exact-rows.ts';

type Nested = Record<string, Value>;

/** Gives one cell of a row to the row that is made of it. */
type Put = (row: Reshaped, name: string, value: Value) => void;

/** A row in the making. An object alone would move names such as `2024` to its front. */
class Reshaped {
  readonly row: Nested = {};
  readonly names: string[] = [];
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.row, name);
  }

  set(name: string, value: Value): void {
    this.names.push(name);
    setCell(this.row, name, value);
  }
}

/**
 * Nested objects to columns with dotted names, at all levels: `{ a: { b: 1 } }` to `a.b`. Lists
 * stay values, and an empty object stays one, so that nothing is lost and `unflattened` leads back.
 */
export function flattened(batches: AsyncIterable<Batch>, scanLimit: number): AsyncGenerator<Batch, void> {
  const spread = (flat: Reshaped, name: string, value: Value): void => {
    if (isNested(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) spread(flat, `${name}.${key}`, inner);
    } else if (flat.has(name)) throw collision(name, flat.number);
    else flat.set(name, value);
  };
  return eachRow(batches, scanLimit, spread);
}

/** Columns with dotted names to nested objects: the way back. */
export function unflattened(batches: AsyncIterable<Batch>, scanLimit: number): AsyncGenerator<Batch, void> {
  const own = new WeakSet<Nested>();
  return eachRow(batches, scanLimit, (nested, name, value) => {
    const path = name.split('.');
    const last = path.pop()!;
    if (path.length === 0) {
      if (nested.has(name)) throw collision(name, nested.number);
      nested.set(name, value);
      return;
    }
    if (!nested.has(path[0]!)) nested.set(path[0]!, {});
    let at = nested.row;
    for (const key of path) {
      let inner = Object.hasOwn(at, key) ? at[key]! : {};
      if (!isNested(inner)) throw collision(name, nested.number);
      if (!own.has(inner)) {
        // What comes from the source is the caller's, who does not expect it to grow.
        inner = { ...inner };
        own.add(inner);
        setCell(at, key, inner);
      }
      at = inner;
    }
    if (Object.hasOwn(at, last)) throw collision(name, nested.number);
    setCell(at, last, value);
  });
}

/** @param scanLimit Rows that come in one batch at first, so that it has the columns of all of them. */
async function* eachRow(
  batches: AsyncIterable<Batch>,
  scanLimit: number,
  put: Put,
): AsyncGenerator<Batch, void> {
  const batcher = new RowBatcher();
  for await (const batch of batches) {
    const { columns } = batch.schema;
    let rowNumber = batch.firstRow;
    for (const values of batch.rows()) {
      rowNumber += 1;
      const { row, names } = reshaped(columns, values, rowNumber, put);
      batcher.add(row, rowNumber, names);
      if (rowNumber === scanLimit) yield batcher.take();
    }
    if (rowNumber >= scanLimit && batcher.pending > 0) yield batcher.take();
  }
  if (batcher.pending > 0) yield batcher.take();
}

function reshaped(
  columns: readonly Column[],
  values: readonly Value[],
  rowNumber: number,
  put: Put,
): Reshaped {
  const made = new Reshaped(rowNumber);
  for (const [i, { name }] of columns.entries()) {
    const value = values[i];
    if (value !== undefined) put(made, name, value);
  }
  return made;
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

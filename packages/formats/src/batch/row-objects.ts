import type { Batch, CellsLayout, Row, Schema, Value } from '../contract.ts';
import { Decimal, plainNumber } from '../value/decimal.ts';
import { setMember } from '../value/member.ts';
import { objectMaker, objectOf } from './object-maker.ts';
import { CellReader } from './cell-reader.ts';

/**
 * The rows of a batch as plain objects, each one's own: keys in the order of the columns, but that
 * JavaScript moves keys such as `2024` to the front. A cell that the source does not have has no key.
 *
 * A number is a number of JavaScript wherever that has the same digits, whatever its spelling; else a
 * bigint or a Decimal.
 */
export function rowObjects(batch: Batch): Generator<Row, void> {
  const { schema, layout, rowCount } = batch;
  return layout.kind === 'cells' ? objectsOfCells(schema, layout, rowCount) : objectsOfValues(batch);
}

function* objectsOfCells(schema: Schema, layout: CellsLayout, rowCount: number): Generator<Row, void> {
  const names = schema.columns.map(({ name }) => name);
  const types = schema.columns.map(({ type }) => type);
  const make = objectMaker(schema);
  const cells = new CellReader(layout, plainNumber);
  const values: Value[] = [];
  for (let row = 0; row < rowCount; row++) {
    cells.readRow(row, types, values);
    yield layout.isInOrder || !values.includes(undefined) ? make(values) : objectOf(names, values);
  }
}

function* objectsOfValues(batch: Batch): Generator<Row, void> {
  const names = batch.schema.columns.map(({ name }) => name);
  for (const values of batch.rows()) {
    const object: Row = {};
    for (const [i, name] of names.entries()) {
      const value = values[i];
      if (value !== undefined) setMember(object, name, plain(value));
    }
    yield object;
  }
}

/** The value with the numbers of JavaScript in it, wherever they have the same digits. */
function plain(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Decimal.is(value)) return value.toNumber() ?? value;
  if (value instanceof Date || value instanceof Uint8Array) return value;
  if (isList(value)) return value.map(plain);
  const object: Record<string, Value> = {};
  for (const [key, member] of Object.entries(value)) setMember(object, key, plain(member));
  return object;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

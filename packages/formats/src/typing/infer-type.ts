import { CellReader } from '../batch/cell-reader.ts';
import { layoutOf, type RowsAtHand } from '../batch/rows-at-hand.ts';
import type { DataType, Value } from '../contract.ts';
import { Hint, Kind, kindMask } from '../kernel/cell.ts';
import { inferValues } from './infer-values.ts';

/** The type of a column of text by the rows at hand: what all of its cells spell, or text. */
export function inferTextType(
  atHand: RowsAtHand,
  column: number,
  scanLimit: number,
  nulls: readonly string[],
): DataType {
  function* values(): Generator<Value> {
    const cells = new CellReader(layoutOf(atHand));
    for (const cell of cellsOf(atHand, column, scanLimit)) {
      const kind = cells.kindOf(cell);
      if ((kind & kindMask) === Kind.null) continue;
      const text = cells.text(cell);
      if ((kind & Hint.quoted) !== 0 || !nulls.includes(text)) yield text;
    }
  }
  return inferValues(values(), true);
}

/** The type of a column of JSON by the rows at hand: what all of its cells are, or `any`. */
export function inferJsonType(atHand: RowsAtHand, column: number, scanLimit: number): DataType {
  function* values(): Generator<Value> {
    const cells = new CellReader(layoutOf(atHand));
    for (const cell of cellsOf(atHand, column, scanLimit)) {
      const kind = cells.kindOf(cell) & kindMask;
      if (kind === Kind.literal) yield cells.value(cell, { kind: 'any' });
      // What exactly a text or an object is does not matter, and takes time.
      else if (kind === Kind.nested) yield {};
      else if (kind !== Kind.null && kind !== Kind.missing) yield '';
    }
  }
  return inferValues(values(), false);
}

/** The numbers of a column's cells in the first rows. */
function* cellsOf({ rows, width }: RowsAtHand, column: number, scanLimit: number): Generator<number> {
  for (let row = 0; row < Math.min(rows, scanLimit); row++) yield row * width + column;
}

import { CellReader } from '../batch/cell-reader.ts';
import { layoutOf, type RowsAtHand } from '../batch/rows-at-hand.ts';
import type { DataType } from '../contract.ts';
import { Hint, Kind, kindMask } from '../kernel/cell.ts';
import { Decimal, numberValue } from '../value/decimal.ts';

type Inferred = 'unknown' | 'boolean' | 'integer' | 'float64' | 'string' | 'json';

/**
 * The type of a column of text by the rows at hand, where every cell is of it and would be spelled the same again, at
 * least by the formats that keep spellings: leading zeros, `+5`, digits that a double cannot hold
 * and `1e400` are text.
 */
export function inferTextType(
  atHand: RowsAtHand,
  column: number,
  scanLimit: number,
  nulls: readonly string[],
): DataType {
  const cells = new CellReader(layoutOf(atHand));
  const rows = Math.min(atHand.rows, scanLimit);
  let type: Inferred = 'unknown';
  let hasLargeInteger = false;
  for (let row = 0; row < rows && type !== 'string'; row++) {
    const cell = row * atHand.width + column;
    const kind = cells.kindOf(cell);
    if ((kind & kindMask) === Kind.null) continue;
    const text = cells.text(cell);
    if ((kind & Hint.quoted) === 0 && nulls.includes(text)) continue;
    const own = typeOf(text);
    hasLargeInteger ||= own === 'integer' && typeof numberValue(text) === 'bigint';
    type = common(type, own);
  }
  if (type === 'unknown' || (type === 'float64' && hasLargeInteger)) return { kind: 'string' };
  return { kind: type };
}

/** The type of a column of JSON by the rows at hand: what all its cells are, `any` where they differ. */
export function inferJsonType(atHand: RowsAtHand, column: number, scanLimit: number): DataType {
  const cells = new CellReader(layoutOf(atHand));
  const rows = Math.min(atHand.rows, scanLimit);
  let type: Inferred = 'unknown';
  let hasLargeInteger = false;
  for (let row = 0; row < rows; row++) {
    const cell = row * atHand.width + column;
    const kind = cells.kindOf(cell) & kindMask;
    if (kind === Kind.null || kind === Kind.missing) continue;
    let own: Inferred = kind === Kind.nested ? 'json' : 'string';
    if (kind === Kind.literal) own = typeOf(cells.spelling(cell));
    // A number that is neither an integer nor a double would be text elsewhere.
    if (kind === Kind.literal && own === 'string') return { kind: 'any' };
    hasLargeInteger ||= own === 'integer' && typeof numberValue(cells.spelling(cell)) === 'bigint';
    if (type !== 'unknown' && common(type, own) === 'string' && type !== own) return { kind: 'any' };
    type = common(type, own);
  }
  if (type === 'unknown' || (type === 'float64' && hasLargeInteger)) return { kind: 'any' };
  return { kind: type };
}

function common(a: Inferred, b: Inferred): Inferred {
  if (a === 'unknown' || a === b) return b;
  if ((a === 'integer' && b === 'float64') || (a === 'float64' && b === 'integer')) return 'float64';
  return 'string';
}

function typeOf(text: string): Inferred {
  if (text === 'true' || text === 'false') return 'boolean';
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return 'string';
  if (/^(?:0|-?[1-9]\d*)$/.test(text)) {
    return text.length <= 20 && isInt64(BigInt(text)) ? 'integer' : 'string';
  }
  const value = numberValue(text);
  if (typeof value === 'number') return 'float64';
  return Decimal.is(value) && value.toNumber() !== undefined ? 'float64' : 'string';
}

function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

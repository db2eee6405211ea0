import {
  HINT_QUOTED,
  HINT_SPECIAL,
  KIND,
  KIND_LITERAL,
  KIND_MISSING,
  KIND_NESTED,
  KIND_NULL,
  KIND_TEXT,
} from './cell';
import { skipNumber } from './json-scan';
import { END } from './report';

// What a column's cells have to be. src/typing/mark-types.ts has the same.
const ANY: u32 = 0;
const BOOLEAN: u32 = 1;
const INTEGER: u32 = 2;
const NUMBER: u32 = 3;
const TEXT: u32 = 5;

/**
 * Marks the cells of typed columns as what they are, from cell `from` to `to`: an unquoted text that is
 * among the nulls as null, text that is a number, true or false as a literal; in a column of text,
 * literals and nested values as text. `types` has a byte a column: 0 any, 1 boolean, 2 integer,
 * 3 float64, 4 decimal, 5 text. `nulls` holds offset and length of each null.
 *
 * END is the first cell that is not of its column's type, or `to`.
 */
export function markTypes(
  pairs: u32,
  kinds: u32,
  from: u32,
  to: u32,
  types: u32,
  columns: u32,
  nulls: u32,
  nullCount: u32,
): void {
  let column = from % columns;
  let cell = from;
  for (; cell < to; cell++) {
    const type: u32 = load<u8>(types + column);
    if (++column == columns) column = 0;
    const kind: u32 = load<u8>(kinds + cell);
    const base = kind & KIND;
    if (base == KIND_NULL || base == KIND_MISSING) continue;
    const pair = pairs + (cell << 3);
    const start: u32 = load<u32>(pair);
    const end: u32 = load<u32>(pair, 4);
    if (base == KIND_TEXT && !(kind & HINT_QUOTED) && isNull(start, end, nulls, nullCount)) {
      store<u8>(kinds + cell, <u8>KIND_NULL);
    } else if (type == TEXT) {
      if (base == KIND_LITERAL) store<u8>(kinds + cell, <u8>KIND_TEXT);
      else if (base == KIND_NESTED) store<u8>(kinds + cell, <u8>(KIND_TEXT | HINT_SPECIAL));
    } else if (type != ANY) {
      if ((base != KIND_TEXT && base != KIND_LITERAL) || !isOfType(type, start, end)) break;
      store<u8>(kinds + cell, <u8>KIND_LITERAL);
    }
  }
  store<u32>(END, cell);
}

function isNull(start: u32, end: u32, nulls: u32, nullCount: u32): bool {
  const length = end - start;
  for (let i: u32 = 0; i < nullCount; i++) {
    if (length != load<u32>(nulls + (i << 3), 4)) continue;
    if (!length || !memory.compare(start, load<u32>(nulls + (i << 3)), length)) return true;
  }
  return false;
}

function isOfType(type: u32, start: u32, end: u32): bool {
  if (type == INTEGER) return isInteger(start, end);
  if (type == BOOLEAN) {
    const length = end - start;
    if (length == 4) return load<u32>(start) == 0x65757274;
    return length == 5 && load<u8>(start) == 102 && load<u32>(start, 1) == 0x65736c61;
  }
  // What follows a number in its cell ends it: a delimiter, a line break or a quote.
  if (start == end || skipNumber(start) != end) return false;
  return type != NUMBER || isShort(start, end - start) || isDouble(start, end);
}

/** An integer of 64 bits as JSON spells it; −0 is none. */
function isInteger(start: u32, end: u32): bool {
  const negative = load<u8>(start) == 45;
  const first = negative ? start + 1 : start;
  const length = end - first;
  if (length - 1 > 18) return false;
  if (load<u8>(first) == 48) return length == 1 && !negative;
  for (let p = first; p < end; p++) if (<u32>load<u8>(p) - 48 > 9) return false;
  if (length < 19) return true;
  let value: u64 = 0;
  for (let p = first; p < end; p++) value = value * 10 + (<u64>load<u8>(p) - 48);
  return value <= 9223372036854775807 + <u64>negative;
}

/** Whether a number has so few digits, and no exponent, that a double can hold it. */
function isShort(start: u32, length: u32): bool {
  if (length > 15) return false;
  const exponents = i8x16.eq(v128.or(v128.load(start), i8x16.splat(32)), i8x16.splat(101));
  return (<u32>i8x16.bitmask(exponents) & (((<u32>1) << length) - 1)) == 0;
}

/**
 * Whether a number has no more digits than a double can have, and a size that a double has for sure:
 * the largest and the smallest are left.
 */
function isDouble(start: u32, end: u32): bool {
  let digits: u32 = 0;
  let zeros: u32 = 0; // at the end of the digits so far
  let exponent: i32 = 0; // of ten, for a number 0.ddd
  let inFraction = false;
  let p = start;
  if (load<u8>(p) == 45) p++;
  for (; p < end; p++) {
    const byte: u32 = load<u8>(p);
    if (byte == 46) {
      inFraction = true;
      continue;
    }
    if (byte - 48 > 9) break;
    if (byte == 48) {
      if (!digits) {
        if (inFraction) exponent--;
        continue;
      }
      zeros++;
    } else {
      digits += zeros + 1;
      zeros = 0;
    }
    if (!inFraction) exponent++;
  }
  if (p < end) {
    // The exponent as it is written.
    const sign: u32 = load<u8>(++p);
    if (sign == 43 || sign == 45) p++;
    let written: i32 = 0;
    for (; p < end; p++) if (written < 100000) written = written * 10 + (<i32>load<u8>(p) - 48);
    exponent += sign == 45 ? -written : written;
  }
  return digits == 0 || (digits <= 17 && exponent <= 308 && exponent > -307);
}

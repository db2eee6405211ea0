// Cells to columns. Each function takes one column of `rows` rows: `pairs` and `kinds` are at its first
// cell, and its cells are `stride` cells apart. A cell with a value sets its bit of `validity`, which has
// to be 0 before; ROWS is how many cells have none.

import { KIND, KIND_DOUBLED, KIND_ESCAPED, KIND_LITERAL, KIND_MISSING, KIND_NULL, KIND_TEXT } from '../cell';
import { copyPlain, undoubled, unescapeJson } from '../copy';
import { day, moment, readDay, readMoment } from '../moments';
import { END, ROWS } from '../report';
import { powerOfTen } from './powers';
import { exponent, least, shortest, shortestDigits } from './shortest';

function isNothing(kind: u32): bool {
  return kind == KIND_NULL || kind == KIND_MISSING;
}

function setValid(validity: u32, row: u32): void {
  const at = validity + (row >> 3);
  store<u8>(at, load<u8>(at) | ((<u8>1) << (<u8>(row & 7))));
}

/**
 * Numbers to 64-bit integers at `out`. Gives how many cells it left to others, whose rows are listed
 * at `left`.
 */
export function cellsToIntegers(
  pairs: u32,
  kinds: u32,
  stride: u32,
  rows: u32,
  out: u32,
  validity: u32,
  left: u32,
): u32 {
  let nulls: u32 = 0;
  let leftOver: u32 = 0;
  for (let row: u32 = 0; row < rows; row++, pairs += stride << 3, kinds += stride, out += 8) {
    const kind: u32 = load<u8>(kinds) & KIND;
    if (isNothing(kind)) {
      store<i64>(out, 0);
      nulls++;
      continue;
    }
    setValid(validity, row);
    const end: u32 = load<u32>(pairs, 4);
    let p: u32 = load<u32>(pairs);
    const negative = load<u8>(p) == 45;
    if (negative) p++;
    const digits = end - p;
    let value: u64 = 0;
    let isNumber = kind == KIND_LITERAL && digits - 1 < 18;
    for (; p < end; p++) {
      const digit: u32 = <u32>load<u8>(p) - 48;
      if (digit > 9) isNumber = false;
      value = value * 10 + digit;
    }
    // −0 is none.
    if (!isNumber || (negative && value == 0)) {
      store<u32>(left + (leftOver++ << 2), row);
      continue;
    }
    store<i64>(out, negative ? -(<i64>value) : <i64>value);
  }
  store<u32>(ROWS, nulls);
  return leftOver;
}

/** Numbers to doubles at `out`, where the double has exactly their digits; the others are listed at `left`. */
export function cellsToDoubles(
  pairs: u32,
  kinds: u32,
  stride: u32,
  rows: u32,
  out: u32,
  validity: u32,
  left: u32,
): u32 {
  let nulls: u32 = 0;
  let leftOver: u32 = 0;
  for (let row: u32 = 0; row < rows; row++, pairs += stride << 3, kinds += stride, out += 8) {
    const kind: u32 = load<u8>(kinds) & KIND;
    if (isNothing(kind)) {
      store<f64>(out, 0);
      nulls++;
      continue;
    }
    setValid(validity, row);
    const end: u32 = load<u32>(pairs, 4);
    let p: u32 = load<u32>(pairs);
    const negative = load<u8>(p) == 45;
    if (negative) p++;
    let value: u64 = 0;
    let fraction: u32 = 0;
    let inFraction: u32 = 0;
    let isPlain = kind == KIND_LITERAL && end - p < 20;
    if (isPlain) {
      for (; p < end; p++) {
        const byte: u32 = load<u8>(p);
        if (byte == 46) {
          inFraction = 1;
          continue;
        }
        const digit = byte - 48;
        if (digit > 9) isPlain = false;
        value = value * 10 + digit;
        fraction += inFraction;
      }
    }
    // With so few digits the whole number and the power of ten are doubles, and their quotient is rounded once.
    let number = <f64>value / powerOfTen(fraction);
    if (isPlain && value > 999_999_999_999_999) number = exactly(value, fraction, number);
    if (!isPlain || (number == 0 && value != 0)) {
      store<u32>(left + (leftOver++ << 2), row);
      continue;
    }
    store<f64>(out, negative ? -number : number);
  }
  store<u32>(ROWS, nulls);
  return leftOver;
}

/**
 * The double whose shortest digits are those of value / 10^fraction, looked for around `number`; 0 where there is
 * none, or it is not sure.
 */
function exactly(value: u64, fraction: u32, number: f64): f64 {
  if (!(number >= least && number < 1e15) || value >= 100_000_000_000_000_000) return 0;
  let power = -(<i32>fraction);
  while (value % 10 == 0) {
    value /= 10;
    power++;
  }
  for (let i = 0; i < 3; i++) {
    shortestDigits(number);
    if (shortest == value && exponent == power) return number;
    // Both are about the same, so that this has hardly more digits.
    const isLess =
      exponent > power
        ? shortest * <u64>powerOfTen(exponent - power) < value
        : shortest < value * <u64>powerOfTen(power - exponent);
    number = reinterpret<f64>(reinterpret<u64>(number) + (isLess ? 1 : -1));
  }
  return 0;
}

/** true and false to a byte each at `out`; the other cells are listed at `left`. */
export function cellsToBooleans(
  pairs: u32,
  kinds: u32,
  stride: u32,
  rows: u32,
  out: u32,
  validity: u32,
  left: u32,
): u32 {
  let nulls: u32 = 0;
  let leftOver: u32 = 0;
  for (let row: u32 = 0; row < rows; row++, pairs += stride << 3, kinds += stride) {
    const kind: u32 = load<u8>(kinds) & KIND;
    store<u8>(out + row, 0);
    if (isNothing(kind)) {
      nulls++;
      continue;
    }
    setValid(validity, row);
    const first: u32 = load<u8>(load<u32>(pairs));
    if (kind != KIND_LITERAL || (first != 116 && first != 102)) store<u32>(left + (leftOver++ << 2), row);
    else store<u8>(out + row, <u8>(first == 116));
  }
  store<u32>(ROWS, nulls);
  return leftOver;
}

/** Days to 4 bytes each at `out`; the other cells are listed at `left`. */
export function cellsToDays(
  pairs: u32,
  kinds: u32,
  stride: u32,
  rows: u32,
  out: u32,
  validity: u32,
  left: u32,
): u32 {
  let nulls: u32 = 0;
  let leftOver: u32 = 0;
  for (let row: u32 = 0; row < rows; row++, pairs += stride << 3, kinds += stride, out += 4) {
    const kind: u32 = load<u8>(kinds) & KIND;
    store<i32>(out, 0);
    if (isNothing(kind)) {
      nulls++;
      continue;
    }
    setValid(validity, row);
    const start: u32 = load<u32>(pairs);
    if (kind != KIND_TEXT || load<u32>(pairs, 4) - start != 10 || !readDay(start)) {
      store<u32>(left + (leftOver++ << 2), row);
    } else store<i32>(out, day);
  }
  store<u32>(ROWS, nulls);
  return leftOver;
}

/** Moments to 64-bit units at `out`, of which a second has `perSecond`; the other cells are listed at `left`. */
export function cellsToMoments(
  pairs: u32,
  kinds: u32,
  stride: u32,
  rows: u32,
  out: u32,
  validity: u32,
  left: u32,
  perSecond: u32,
): u32 {
  let nulls: u32 = 0;
  let leftOver: u32 = 0;
  for (let row: u32 = 0; row < rows; row++, pairs += stride << 3, kinds += stride, out += 8) {
    const kind: u32 = load<u8>(kinds) & KIND;
    store<i64>(out, 0);
    if (isNothing(kind)) {
      nulls++;
      continue;
    }
    setValid(validity, row);
    if (kind != KIND_TEXT || !readMoment(load<u32>(pairs), load<u32>(pairs, 4), perSecond)) {
      store<u32>(left + (leftOver++ << 2), row);
    } else store<i64>(out, moment);
  }
  store<u32>(ROWS, nulls);
  return leftOver;
}

/** How many bytes the cells have, at most 2^32 − 1. */
export function cellsLength(pairs: u32, stride: u32, rows: u32): u32 {
  let length: u64 = 0;
  for (let row: u32 = 0; row < rows; row++, pairs += stride << 3) {
    length += load<u32>(pairs, 4) - load<u32>(pairs);
  }
  return length > 0xffffffff ? 0xffffffff : <u32>length;
}

/**
 * Texts to `out`, one behind the other, where there has to be room for all of them and 64 bytes; and
 * where they begin and the last one ends, from 0, to `offsets`. Gives the first row whose cell is no
 * text, or `rows`. END is just after the last text.
 */
export function cellsToText(
  pairs: u32,
  kinds: u32,
  stride: u32,
  rows: u32,
  quote: u32,
  offsets: u32,
  validity: u32,
  out: u32,
): u32 {
  let nulls: u32 = 0;
  let o = out;
  store<u32>(offsets, 0);
  let row: u32 = 0;
  for (; row < rows; row++, pairs += stride << 3, kinds += stride) {
    const kind: u32 = load<u8>(kinds) & KIND;
    if (isNothing(kind)) nulls++;
    else {
      setValid(validity, row);
      const start: u32 = load<u32>(pairs);
      const end: u32 = load<u32>(pairs, 4);
      if (kind == KIND_TEXT) o = copyPlain(start, end, o);
      else if (kind == KIND_DOUBLED) o = undoubled(start, end, quote, o);
      else {
        const after: u32 = kind == KIND_ESCAPED ? unescapeJson(start, end, true, o) : 0;
        if (!after) break;
        o = after;
      }
    }
    offsets += 4;
    store<u32>(offsets, o - out);
  }
  store<u32>(ROWS, nulls);
  store<u32>(END, o);
  return row;
}

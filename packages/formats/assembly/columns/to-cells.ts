// Columns to cells. Each function writes the text of the values of one column to `o` and says where: from
// `pairs` and `kinds` on, which are at the column's first cell, `stride` cells apart. `values` is at the
// first value, and its bit of `validity` is number `bit`; where `validity` is 0 none is null. END is just
// after the text. What they give is how many values they left to others, whose rows are listed at `left`.

import { HINT_SPECIAL, KIND_LITERAL, KIND_NESTED, KIND_NULL, KIND_TEXT } from '../cell';
import { END } from '../report';
import { powerOfTen } from './powers';
import { exponent, least, most, shortest, shortestDigits } from './shortest';

function isNull(validity: u32, bit: u32): bool {
  return validity != 0 && !((<u32>load<u8>(validity + (bit >> 3)) >> (bit & 7)) & 1);
}

function setCell(pairs: u32, kinds: u32, start: u32, end: u32, kind: u32): void {
  store<u32>(pairs, start);
  store<u32>(pairs, end, 4);
  store<u8>(kinds, <u8>kind);
}

/** A number without a sign. */
function writeDigits(value: u64, o: u32): u32 {
  let digits: u32 = 1;
  for (let limit: u64 = 10; digits < 20 && value >= limit; limit *= 10) digits++;
  let p = o + digits;
  while (value > 0xffffffff) {
    store<u8>(--p, <u8>(48 + <u32>(value % 10)));
    value /= 10;
  }
  let small = <u32>value;
  while (small >= 10) {
    store<u8>(--p, <u8>(48 + (small % 10)));
    small /= 10;
  }
  store<u8>(--p, <u8>(48 + small));
  return o + digits;
}

/** The last `digits` digits of a number, zeros in front included. */
function writeLastDigits(value: u64, digits: u32, o: u32): u32 {
  for (let p = o + digits; p > o;) {
    store<u8>(--p, <u8>(48 + <u32>(value % 10)));
    value /= 10;
  }
  return o + digits;
}

function writeInteger(value: i64, o: u32): u32 {
  if (value >= 0) return writeDigits(<u64>value, o);
  store<u8>(o, 45);
  return writeDigits(<u64>0 - <u64>value, o + 1);
}

/** Integers of 4 or 8 bytes, with `scale` of their digits after a point. */
export function integersToCells(
  values: u32,
  size: u32,
  validity: u32,
  bit: u32,
  rows: u32,
  scale: u32,
  stride: u32,
  pairs: u32,
  kinds: u32,
  o: u32,
): void {
  for (let row: u32 = 0; row < rows; row++, values += size, pairs += stride << 3, kinds += stride) {
    if (isNull(validity, bit + row)) {
      setCell(pairs, kinds, o, o, KIND_NULL);
      continue;
    }
    const start = o;
    const value: i64 = size == 4 ? <i64>load<i32>(values) : load<i64>(values);
    o = scale ? writeDecimal(value, scale, o) : writeInteger(value, o);
    setCell(pairs, kinds, start, o, KIND_LITERAL);
  }
  store<u32>(END, o);
}

function writeDecimal(value: i64, scale: u32, o: u32): u32 {
  let rest = <u64>value;
  if (value < 0) {
    store<u8>(o++, 45);
    rest = <u64>0 - rest;
  }
  return writeFraction(rest, scale, o);
}

/** Doubles; those that are written with an exponent, and what is no number, are left. */
export function doublesToCells(
  values: u32,
  validity: u32,
  bit: u32,
  rows: u32,
  stride: u32,
  pairs: u32,
  kinds: u32,
  o: u32,
  left: u32,
): u32 {
  let leftOver: u32 = 0;
  for (let row: u32 = 0; row < rows; row++, values += 8, pairs += stride << 3, kinds += stride) {
    if (isNull(validity, bit + row)) {
      setCell(pairs, kinds, o, o, KIND_NULL);
      continue;
    }
    const after = writeDouble(load<f64>(values), o);
    if (!after) store<u32>(left + (leftOver++ << 2), row);
    else {
      setCell(pairs, kinds, o, after, KIND_LITERAL);
      o = after;
    }
  }
  store<u32>(END, o);
  return leftOver;
}

/** A double as JavaScript writes it. Gives 0 for those that have an exponent, and for what is no number. */
function writeDouble(value: f64, o: u32): u32 {
  const size = abs(value);
  if (!(size < most)) return 0;
  if (size < least && size != 0) return 0;
  if (reinterpret<u64>(value) >> 63) store<u8>(o++, 45);
  const whole = <u64>size;
  if (size < 1e15 && <f64>whole == size) return writeDigits(whole, o);
  // No two whole numbers of 15 digits by the same power of ten are one double, so that few digits need no search.
  for (let scale: u32 = 1; scale < 4; scale++) {
    const power = powerOfTen(scale);
    const scaled = nearest(size * power);
    if (scaled >= 1e15) break;
    if (scaled / power == size) return writeFraction(<u64>scaled, scale, o);
  }
  shortestDigits(size);
  if (exponent < 0) return writeFraction(shortest, <u32>-exponent, o);
  o = writeDigits(shortest, o);
  for (let i = exponent; i > 0; i--) store<u8>(o++, 48);
  return o;
}

/** A number with `scale` of its digits after a point. */
function writeFraction(value: u64, scale: u32, o: u32): u32 {
  if (scale > 19) {
    // Nothing but zeros in front.
    store<u16>(o, 0x2e30);
    return writeLastDigits(value, scale, o + 2);
  }
  let divisor: u64 = 1;
  for (let i: u32 = 0; i < scale; i++) divisor *= 10;
  o = writeDigits(value / divisor, o);
  store<u8>(o, 46);
  return writeLastDigits(value % divisor, scale, o + 1);
}

/** Booleans of a byte each. The words true and false are at `words`. */
export function booleansToCells(
  values: u32,
  validity: u32,
  bit: u32,
  rows: u32,
  stride: u32,
  pairs: u32,
  kinds: u32,
  o: u32,
): void {
  store<u64>(o, 0x736c616665757274); // truefals
  store<u8>(o, 101, 8);
  for (let row: u32 = 0; row < rows; row++, values++, pairs += stride << 3, kinds += stride) {
    if (isNull(validity, bit + row)) setCell(pairs, kinds, o, o, KIND_NULL);
    else if (load<u8>(values)) setCell(pairs, kinds, o, o + 4, KIND_LITERAL);
    else setCell(pairs, kinds, o + 4, o + 9, KIND_LITERAL);
  }
  store<u32>(END, o + 9);
}

/** Days since 1970 (4 bytes), as `2024-02-29`. Those outside the years 0 … 9999 are left. */
export function datesToCells(
  values: u32,
  validity: u32,
  bit: u32,
  rows: u32,
  stride: u32,
  pairs: u32,
  kinds: u32,
  o: u32,
  left: u32,
): u32 {
  let leftOver: u32 = 0;
  for (let row: u32 = 0; row < rows; row++, values += 4, pairs += stride << 3, kinds += stride) {
    if (isNull(validity, bit + row)) {
      setCell(pairs, kinds, o, o, KIND_NULL);
      continue;
    }
    const day: i64 = load<i32>(values);
    if (day < firstDay || day > lastDay) store<u32>(left + (leftOver++ << 2), row);
    else {
      setCell(pairs, kinds, o, writeDay(<i32>day, o), KIND_TEXT);
      o += 10;
    }
  }
  store<u32>(END, o);
  return leftOver;
}

// 0000-01-01 and 9999-12-31.
const firstDay: i64 = -719_528;
const lastDay: i64 = 2_932_896;

/** A day since 1970; from http://howardhinnant.github.io/date_algorithms.html (civil_from_days). */
function writeDay(day: i32, o: u32): u32 {
  const shifted = <u32>(day + 719_468 + 146_097); // since 0000-03-01 of the 400 years before
  const era = shifted / 146_097;
  const dayOfEra = shifted % 146_097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shiftedMonth = (5 * dayOfYear + 2) / 153;
  const dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 - 400 + u32(month <= 2);
  writeTwo(year / 100, o);
  writeTwo(year % 100, o + 2);
  store<u8>(o, 45, 4);
  writeTwo(month, o + 5);
  store<u8>(o, 45, 7);
  writeTwo(dayOfMonth, o + 8);
  return o + 10;
}

function writeTwo(value: u32, o: u32): void {
  store<u16>(o, <u16>(0x3030 + value / 10 + ((value % 10) << 8)));
}

/**
 * Moments, `perSecond` units a second since 1970, as `2024-02-29T12:34:56.789`, with six or nine digits of
 * the second where they need them, and a Z if `zoned`. Those outside the years 0 … 9999 are left.
 */
export function timestampsToCells(
  values: u32,
  perSecond: u32,
  zoned: bool,
  validity: u32,
  bit: u32,
  rows: u32,
  stride: u32,
  pairs: u32,
  kinds: u32,
  o: u32,
  left: u32,
): u32 {
  let leftOver: u32 = 0;
  const unitsPerDay = <i64>perSecond * 86_400;
  const nanoseconds: u32 = 1_000_000_000 / perSecond;
  for (let row: u32 = 0; row < rows; row++, values += 8, pairs += stride << 3, kinds += stride) {
    if (isNull(validity, bit + row)) {
      setCell(pairs, kinds, o, o, KIND_NULL);
      continue;
    }
    const value: i64 = load<i64>(values);
    let day = value / unitsPerDay;
    let units = value % unitsPerDay;
    if (units < 0) {
      units += unitsPerDay;
      day--;
    }
    if (day < firstDay || day > lastDay) {
      store<u32>(left + (leftOver++ << 2), row);
      continue;
    }
    const start = o;
    o = writeDay(<i32>day, o);
    store<u8>(o, 84);
    const second = <u32>(<u64>units / perSecond);
    const nanosecond = <u32>(<u64>units % perSecond) * nanoseconds;
    writeTwo(second / 3600, o + 1);
    store<u8>(o, 58, 3);
    writeTwo((second / 60) % 60, o + 4);
    store<u8>(o, 58, 6);
    writeTwo(second % 60, o + 7);
    store<u8>(o, 46, 9);
    o += 10;
    if (nanosecond % 1_000_000 == 0) o = writeLastDigits(nanosecond / 1_000_000, 3, o);
    else if (nanosecond % 1000 == 0) o = writeLastDigits(nanosecond / 1000, 6, o);
    else o = writeLastDigits(nanosecond, 9, o);
    if (zoned) store<u8>(o++, 90);
    setCell(pairs, kinds, start, o, KIND_TEXT);
  }
  store<u32>(END, o);
  return leftOver;
}

/** Texts that are in memory: the first begins at `bytes` + `offsets[0]` − `base`. With `asJson` they are JSON. */
export function textsToCells(
  offsets: u32,
  bytes: u32,
  base: u32,
  asJson: bool,
  validity: u32,
  bit: u32,
  rows: u32,
  stride: u32,
  pairs: u32,
  kinds: u32,
): void {
  const shift = bytes - base;
  for (let row: u32 = 0; row < rows; row++, offsets += 4, pairs += stride << 3, kinds += stride) {
    const start = load<u32>(offsets) + shift;
    const end = load<u32>(offsets, 4) + shift;
    const kind = isNull(validity, bit + row) ? KIND_NULL : kindOfText(start, end, asJson);
    setCell(pairs, kinds, start, end, kind);
  }
}

/** Values by their number in a dictionary, whose cells are at `entryPairs` and `entryKinds`. */
export function entriesToCells(
  indices: u32,
  entryPairs: u32,
  entryKinds: u32,
  validity: u32,
  bit: u32,
  rows: u32,
  stride: u32,
  pairs: u32,
  kinds: u32,
): void {
  for (let row: u32 = 0; row < rows; row++, indices += 4, pairs += stride << 3, kinds += stride) {
    if (isNull(validity, bit + row)) {
      setCell(pairs, kinds, entryPairs, entryPairs, KIND_NULL);
      continue;
    }
    const entry: u32 = load<u32>(indices);
    store<u64>(pairs, load<u64>(entryPairs + (entry << 3)));
    store<u8>(kinds, load<u8>(entryKinds + entry));
  }
}

function kindOfText(start: u32, end: u32, asJson: bool): u32 {
  // Whoever wrote it may have put space in.
  if (asJson) return KIND_NESTED | HINT_SPECIAL;
  const quotes = i8x16.splat(34);
  const backslashes = i8x16.splat(92);
  const space = i8x16.splat(32);
  const length = end - start;
  for (let i: u32 = 0; i < length; i += 16) {
    const bytes = v128.load(start + i);
    let found: u32 = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.lt_u(bytes, space)),
    );
    if (length - i < 16) found &= ((<u32>1) << (length - i)) - 1;
    if (found) return KIND_TEXT | HINT_SPECIAL;
  }
  return KIND_TEXT;
}

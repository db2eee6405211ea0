// Days and moments as ISO 8601 spells them, in the ways that are most frequent; src/value/time.ts knows all of them.

import { KIND, KIND_MISSING, KIND_NULL, KIND_TEXT } from './cell';

/** What readDay and readMoment have found: days, or units, since 1970. */
export let day: i32 = 0;
export let moment: i64 = 0;

/** A number of two digits, or 100. */
function two(p: u32): u32 {
  const tens: u32 = <u32>load<u8>(p) - 48;
  const ones: u32 = <u32>load<u8>(p, 1) - 48;
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/** A day, `2024-02-29`, in the ten bytes from `p` on. */
export function readDay(p: u32): bool {
  const century = two(p);
  const ofCentury = two(p + 2);
  const month = two(p + 5);
  const dayOfMonth = two(p + 8);
  if (load<u8>(p, 4) != 45 || load<u8>(p, 7) != 45 || century > 99 || ofCentury > 99) return false;
  if (month - 1 > 11 || dayOfMonth - 1 > 30) return false;
  const year = century * 100 + ofCentury;
  if (dayOfMonth > 28) {
    const isLeap = !(year & 3) && (year % 100 != 0 || year % 400 == 0);
    const days: u32 = month == 2 ? <u32>28 + u32(isLeap) : 30 + ((month + (month >> 3)) & 1);
    if (dayOfMonth > days) return false;
  }
  // From http://howardhinnant.github.io/date_algorithms.html (days_from_civil), 400 years later.
  const shifted = year + 400 - u32(month <= 2);
  const era = shifted / 400;
  const yearOfEra = shifted - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  day = <i32>(era * 146_097 + dayOfEra) - 719_468 - 146_097;
  return true;
}

/** A moment, `2024-02-29T12:34:56.789Z`, that is a whole number of units, of which a second has `perSecond`. */
export function readMoment(p: u32, end: u32, perSecond: u32): bool {
  if (end - p < 16 || !readDay(p)) return false;
  const separator: u32 = load<u8>(p, 10);
  const hour = two(p + 11);
  const minute = two(p + 14);
  if ((separator != 84 && separator != 32) || load<u8>(p, 13) != 58 || hour > 23 || minute > 59) return false;
  p += 16;
  let second: u32 = 0;
  let nanoseconds: u32 = 0;
  if (end - p >= 3 && load<u8>(p) == 58) {
    second = two(p + 1);
    if (second > 59) return false;
    p += 3;
    if (p < end && load<u8>(p) == 46) {
      const first = ++p;
      let scale: u32 = 1_000_000_000;
      for (; p < end && <u32>load<u8>(p) - 48 < 10 && p - first < 9; p++) {
        scale /= 10;
        nanoseconds += (<u32>load<u8>(p) - 48) * scale;
      }
      if (p == first) return false;
    }
  }
  if (p < end && (load<u8>(p) != 90 || p + 1 != end)) return false;
  const perUnit = 1_000_000_000 / perSecond;
  // Nanoseconds of 64 bits reach 106,751 days.
  if (nanoseconds % perUnit || (perUnit == 1 && abs(day) > 106_750)) return false;
  const seconds = <i64>day * 86_400 + <i64>(hour * 3600 + minute * 60 + second);
  moment = seconds * <i64>perSecond + <i64>(nanoseconds / perUnit);
  return true;
}

// How a text has to be spelled; else as a moment in any way. src/kernel/simd.ts has the same.
const DAY: u32 = 0;
/** A moment as to-cells.ts writes whole milliseconds. */
const MILLISECONDS: u32 = 2;

function isSpelledAs(spelling: u32, start: u32, end: u32): bool {
  if (spelling == DAY) return end - start == 10 && readDay(start);
  if (spelling != MILLISECONDS) return readMoment(start, end, 1_000_000);
  return (
    end - start == 24 &&
    load<u8>(start, 10) == 84 &&
    load<u8>(start, 23) == 90 &&
    readMoment(start, end, 1000)
  );
}

/**
 * Of the cells from `cell` on, `stride` apart, up to `to`: the first that is neither null nor, for sure, spelled like that.
 * `to` or more where there is none.
 */
export function skipMoments(pairs: u32, kinds: u32, cell: u32, to: u32, stride: u32, spelling: u32): u32 {
  for (; cell < to; cell += stride) {
    const kind: u32 = load<u8>(kinds + cell) & KIND;
    if (kind == KIND_NULL || kind == KIND_MISSING) continue;
    if (kind != KIND_TEXT) break;
    const pair = pairs + (cell << 3);
    if (!isSpelledAs(spelling, load<u32>(pair), load<u32>(pair, 4))) break;
  }
  return cell;
}

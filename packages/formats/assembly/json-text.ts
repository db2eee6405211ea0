import {
  HINT_SPECIAL,
  KIND,
  KIND_DOUBLED,
  KIND_ESCAPED,
  KIND_LITERAL,
  KIND_MISSING,
  KIND_NESTED,
  KIND_NULL,
} from './cell';
import { copyPlain, textToJson, tightenJson, unescapeJson } from './copy';
import { END, ROWS } from './report';

/**
 * Writes rows as JSON objects to `o`..`limit`, each with a newline after it or, as items of a list, a
 * comma and a newline in front of it.
 * `columns` holds for each of `width` columns the offset and the length of `,"name":"`, which can be
 * read for 32 bytes at least, and the number of its cell in the row. A row has `stride` cells.
 * `limit` has to be 64 bytes before the end of what may be written to.
 *
 * END is just after what was written, ROWS is how many rows that was; fewer than `rows` when there
 * was no room for the next.
 */
export function writeJson(
  pairs: u32,
  kinds: u32,
  rows: u32,
  stride: u32,
  columns: u32,
  width: u32,
  quote: u32,
  asItems: bool,
  o: u32,
  limit: u32,
): void {
  let row: u32 = 0;
  const columnsEnd = columns + width * 12;
  for (; row < rows; row++) {
    const separatorStart = o;
    if (asItems) {
      store<u16>(o, 0x0a2c);
      o += 2;
    }
    const rowStart = o;
    let fits = true;
    for (let entry = columns; entry < columnsEnd; entry += 12) {
      const cell: u32 = load<u32>(entry, 8);
      const kind: u32 = load<u8>(kinds + cell);
      if (kind == KIND_MISSING) continue;
      const pair = pairs + (cell << 3);
      const start: u32 = load<u32>(pair);
      const end: u32 = load<u32>(pair, 4);
      const keyLength: u32 = load<u32>(entry, 4);
      if (<u64>o + <u64>keyLength + <u64>(end - start) * 6 + 2 > <u64>limit) {
        fits = false;
        break;
      }
      o = copyKey(load<u32>(entry), keyLength, o);
      // Text that needs no escape, quoted or not, is by far the most frequent.
      if (!(kind & (KIND | HINT_SPECIAL))) {
        o = copyPlain(start, end, o);
        store<u8>(o++, 34);
      } else o = writeValue(kind, start, end, quote, o);
    }
    if (!fits || o + 4 > limit) {
      o = separatorStart;
      break;
    }
    if (o == rowStart) o++;
    store<u8>(rowStart, 123);
    store<u8>(o++, 125);
    if (!asItems) store<u8>(o++, 10);
    pairs += stride << 3;
    kinds += stride;
  }
  store<u32>(END, o);
  store<u32>(ROWS, row);
}

function copyKey(key: u32, length: u32, o: u32): u32 {
  v128.store(o, v128.load(key));
  if (length > 16) {
    v128.store(o, v128.load(key, 16), 16);
    if (length > 32) memory.copy(o + 32, key + 32, length - 32);
  }
  return o + length;
}

/** A value after its key and an opening quote, which only some kinds need. */
function writeValue(kind: u32, start: u32, end: u32, quote: u32, o: u32): u32 {
  const base = kind & KIND;
  if (base == KIND_NULL) {
    store<u32>(o - 1, 0x6c6c756e);
    return o + 3;
  }
  if (base == KIND_NESTED && kind & HINT_SPECIAL) return tightenJson(start, end, o - 1);
  if (base == KIND_NESTED || base == KIND_LITERAL) return copyPlain(start, end, o - 1);
  if (base == KIND_ESCAPED) o = unescapeJson(start, end, false, o);
  else o = textToJson(start, end, base == KIND_DOUBLED, quote, o);
  store<u8>(o, 34);
  return o + 1;
}

/**
 * Writes objects as the source spells them to `o`..`limit`, separated as by writeJson; but without
 * space where they go over several lines. `records` holds the start and the end of each.
 *
 * END is just after what was written, ROWS is how many rows that was.
 */
export function writeRecords(records: u32, rows: u32, asItems: bool, o: u32, limit: u32): void {
  let row: u32 = 0;
  for (; row < rows; row++) {
    const start: u32 = load<u32>(records + (row << 3));
    const end: u32 = load<u32>(records + (row << 3), 4);
    if (<u64>o + <u64>(end - start) + 4 > <u64>limit) break;
    if (asItems) {
      store<u16>(o, 0x0a2c);
      o += 2;
    }
    o = copyLine(start, end, o);
    if (!asItems) store<u8>(o++, 10);
  }
  store<u32>(END, o);
  store<u32>(ROWS, row);
}

/** JSON on one line: as it is spelled where that has no line break, which no string has. */
function copyLine(start: u32, end: u32, o: u32): u32 {
  const lineFeeds = i8x16.splat(10);
  const returns = i8x16.splat(13);
  const length = end - start;
  for (let i: u32 = 0; i < length; i += 16) {
    const bytes = v128.load(start + i);
    v128.store(o + i, bytes);
    let found: u32 = i8x16.bitmask(v128.or(i8x16.eq(bytes, lineFeeds), i8x16.eq(bytes, returns)));
    if (length - i < 16) found &= ((<u32>1) << (length - i)) - 1;
    if (found) return tightenJson(start, end, o);
  }
  return o + length;
}

import {
  HINT_SPECIAL,
  KIND,
  KIND_ESCAPED,
  KIND_LITERAL,
  KIND_MISSING,
  KIND_NESTED,
  KIND_NULL,
  KIND_TEXT,
} from './cell';
import { clearLoose, isLoose, skipNested, skipNumber, skipScalar, skipSpace, skipString } from './json-scan';
import { END, LINES, ROWS } from './report';

// Of tokenizeJson: records are the items of a list with commas between, rather than lines; keys that
// are not among the columns are left out, rather than left to the reference.
const ITEMS: u32 = 1;
const DROP: u32 = 2;

/**
 * Finds the cells of JSON objects in `start..end`, which 64 zeros follow. `keys` holds an offset and a
 * length for each column, of its name as the source spells it: quotes, name, quote, colon.
 *
 * Pairs of start and end of the cells go to `pairs`, kinds to `kinds`, pairs of the objects to `records`;
 * there has to be room for `room` cells and as many objects.
 *
 * It takes the regular case only: objects that use no other keys, none twice, and that a line break
 * or a comma ends. In front of anything else, an object that is not all there among them, it stops,
 * and the reference kernel decides.
 *
 * Returns 0 at the end, 1 in front of a record that is not regular, 2 when there is no more room,
 * 3 when a bracket has closed the list.
 */
export function tokenizeJson(
  start: u32,
  end: u32,
  mode: u32,
  keys: u32,
  columns: u32,
  maxDepth: u32,
  pairs: u32,
  kinds: u32,
  records: u32,
  room: u32,
): u32 {
  const newlines = (mode & ITEMS) != 0;
  const drop = (mode & DROP) != 0;
  let cells: u32 = 0;
  let rows: u32 = 0;
  let lines: u32 = 0;
  let recordEnd = start;
  let recordLines: u32 = 0;
  let status: u32 = 0;
  let p = start;
  while (true) {
    p = skipSpace(p, newlines);
    if (p >= end) {
      // Space is nothing.
      recordEnd = end;
      break;
    }
    const byte: u32 = load<u8>(p);
    if (byte == 10) {
      recordEnd = ++p;
      recordLines = ++lines;
      continue;
    }
    if (cells + columns > room) {
      status = 2;
      break;
    }
    status = 1;
    if (byte != 123) break;
    const recordStart = p;
    p = cellsOfRecord(p + 1, newlines, drop, keys, columns, maxDepth, pairs + (cells << 3), kinds + cells);
    if (!p) break;
    store<u32>(records + (rows << 3), recordStart);
    store<u32>(records + (rows << 3), p, 4);
    p = skipSpace(p, newlines);
    const after: u32 = load<u8>(p++);
    if (p > end || after != (newlines ? 44 : 10)) {
      if (!newlines || after != 93 || p > end) break;
      status = 3;
    } else status = 0;
    cells += columns;
    rows++;
    recordEnd = p;
    recordLines = ++lines;
    if (status) break;
  }
  store<u32>(END, recordEnd);
  store<u32>(ROWS, rows);
  store<u32>(LINES, recordLines);
  return status;
}

/** The cells of one object. `p` is after its brace; the result too. */
function cellsOfRecord(
  p: u32,
  newlines: bool,
  drop: bool,
  keys: u32,
  columns: u32,
  maxDepth: u32,
  pairs: u32,
  kinds: u32,
): u32 {
  p = skipSpace(p, newlines);
  let expected = frequentCells(p, keys, columns, pairs, kinds);
  p = frequentEnd;
  if (expected == columns && load<u8>(p - 1) == 125) return p;
  if (!expected && load<u8>(p) == 125) {
    markMissing(pairs, kinds, 0, columns);
    return p + 1;
  }
  p = skipSpace(p, newlines);
  let inOrder = true; // the columns before `expected` have their cells, and no others have
  while (true) {
    let column = expected;
    let key = keys + (column << 3);
    if (column == columns || !startsWith(p, load<u32>(key), load<u32>(key, 4))) {
      if (inOrder) {
        markMissing(pairs, kinds, expected, columns);
        inOrder = false;
      }
      const colon = endOfKey(p, newlines);
      if (!colon) return 0;
      column = findColumn(p, keys, expected, columns);
      if (column == columns) {
        if (!drop) return 0;
      } else if ((load<u8>(kinds + column) & <u8>KIND) != KIND_MISSING) return 0;
      p = colon + 1;
    } else {
      if (!inOrder && (load<u8>(kinds + column) & <u8>KIND) != KIND_MISSING) return 0;
      p += load<u32>(key, 4);
    }
    p = skipSpace(p, newlines);

    let cellStart = p;
    let cellEnd: u32;
    let kind: u32;
    const first: u32 = load<u8>(p);
    if (first == 34) {
      clearLoose();
      cellStart++;
      cellEnd = skipString(cellStart);
      if (!cellEnd) return 0;
      p = cellEnd + 1;
      kind = isLoose() ? KIND_ESCAPED : KIND_TEXT;
    } else if (first == 123 || first == 91) {
      clearLoose();
      p = skipNested(p, newlines, maxDepth - 1);
      if (!p) return 0;
      cellEnd = p;
      kind = isLoose() ? KIND_NESTED | HINT_SPECIAL : KIND_NESTED;
    } else {
      p = skipScalar(p);
      if (!p) return 0;
      cellEnd = p;
      kind = first == 110 ? KIND_NULL : KIND_LITERAL;
    }
    if (column != columns) {
      store<u32>(pairs + (column << 3), cellStart);
      store<u32>(pairs + (column << 3), cellEnd, 4);
      store<u8>(kinds + column, <u8>kind);
      expected = column + 1;
    }

    p = skipSpace(p, newlines);
    const after: u32 = load<u8>(p++);
    if (after == 125) break;
    if (after != 44) return 0;
    p = skipSpace(p, newlines);
  }
  if (inOrder) markMissing(pairs, kinds, expected, columns);
  return p;
}

/** Where frequentCells has stopped: after the object, or in front of a key. */
let frequentEnd: u32 = 0;

/**
 * The cells of the first members, as far as they are the columns in their order, spelled with at most
 * a space after colons and commas, and strings without escapes or numbers. Gives how many those are.
 */
function frequentCells(p: u32, keys: u32, columns: u32, pairs: u32, kinds: u32): u32 {
  const quotes = i8x16.splat(34);
  const backslashes = i8x16.splat(92);
  const space = i8x16.splat(32);
  let column: u32 = 0;
  for (; column < columns; column++) {
    const key: u32 = load<u32>(keys);
    const length: u32 = load<u32>(keys, 4);
    const same: u32 = i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(key)));
    const wanted: u32 = length < 16 ? ((<u32>1) << length) - 1 : 0xffff;
    if ((same & wanted) != wanted) break;
    if (length > 16 && memory.compare(p + 16, key + 16, length - 16)) break;

    let q = p + length;
    if (load<u8>(q) == 32) q++;
    let start = q;
    let end: u32;
    let kind: u32 = KIND_TEXT;
    let byte: u32 = load<u8>(q);
    if (byte == 34) {
      q = ++start;
      let found: u32;
      while (true) {
        const bytes = v128.load(q);
        found = i8x16.bitmask(
          v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.lt_u(bytes, space)),
        );
        if (found) break;
        q += 16;
      }
      end = q + ctz(found);
      if (load<u8>(end) != 34) break;
      q = end + 1;
    } else {
      kind = KIND_LITERAL;
      // An integer without a sign, or whatever else a scalar may be.
      if (byte - 49 < 9) {
        do byte = load<u8>(++q);
        while (byte - 48 < 10);
        if (byte != 44 && byte != 125) q = skipNumber(start);
      } else {
        if (byte == 110) kind = KIND_NULL;
        q = skipScalar(start);
      }
      if (!q) break;
      end = q;
    }
    byte = load<u8>(q);
    if (byte != 44 && byte != 125) break;
    store<u32>(pairs, start);
    store<u32>(pairs, end, 4);
    store<u8>(kinds++, <u8>kind);
    p = q + 1;
    if (byte == 125) {
      column++;
      if (column == columns) break;
      // The object is over, and the other columns are missing.
      markMissing(pairs + 8, kinds, 0, columns - column);
      column = columns;
      break;
    }
    if (load<u8>(p) == 32) p++;
    pairs += 8;
    keys += 8;
  }
  frequentEnd = p;
  return column;
}

function markMissing(pairs: u32, kinds: u32, from: u32, to: u32): void {
  if (from == to) return;
  memory.fill(pairs + (from << 3), 0, (to - from) << 3);
  memory.fill(kinds + from, <u8>KIND_MISSING, to - from);
}

/** The colon after the key at `p`, or 0. A key with an escape may be any, so it is left to the reference. */
function endOfKey(p: u32, newlines: bool): u32 {
  if (load<u8>(p) != 34) return 0;
  clearLoose();
  p = skipString(p + 1);
  if (!p || isLoose()) return 0;
  p = skipSpace(p + 1, newlines);
  return load<u8>(p) == 58 ? p : 0;
}

/** The column whose key is at `p`, looked for from `from` on and then from the first, or `columns`. */
function findColumn(p: u32, keys: u32, from: u32, columns: u32): u32 {
  for (let i: u32 = 0; i < columns; i++) {
    const column = from + i < columns ? from + i : from + i - columns;
    const key = keys + (column << 3);
    // Without the colon, which may have space in front of it.
    if (startsWith(p, load<u32>(key), load<u32>(key, 4) - 1)) return column;
  }
  return columns;
}

/** Whether the bytes at `p` are those at `key`; at least 16 bytes can be read at both. */
function startsWith(p: u32, key: u32, length: u32): bool {
  const same: u32 = i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(key)));
  if (length <= 16) {
    const wanted: u32 = ((<u32>1) << length) - 1;
    return (same & wanted) == wanted;
  }
  if (same != 0xffff) return false;
  return memory.compare(p + 16, key + 16, length - 16) == 0;
}

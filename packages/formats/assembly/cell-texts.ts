import { KIND, KIND_MISSING } from './cell';
import { END, LONG_WIDE, ROWS, START } from './report';

// What becomes of a cell's text: the number of a known text that is the same, or these flags.
// src/batch/block-texts.ts has the same.

/** The number in the low bits is from now on that of this text. */
const NEW: u32 = 0x2000;
/** It is not among the known texts. */
const LONG: u32 = 0x4000;
/** It has bytes beyond ASCII. */
const WIDE: u32 = 0x8000;

const SLOT_BITS: u32 = 12;
const MOST_CELLS: u32 = 4096;
/** Of source that a call looks at, more or less. */
const MOST_BYTES: u32 = 16384;

/** Known texts: up to 15 bytes, and in the last byte how many those are. */
const slots = memory.data(1 << (SLOT_BITS + 4), 16);
const codes = memory.data(MOST_CELLS * 2, 16);
/** How often a column's text was not known, less how often it was; from MOSTLY_NEW on it is not looked for. */
const novelty = memory.data(MOST_CELLS);
const MOSTLY_NEW: u32 = 200;
const ones = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0,
]);

/** Where codeTexts puts its codes, 16 bits each. */
export function textCodes(): u32 {
  return <u32>codes;
}

/** Forgets all texts, before the first cells of another source. */
export function forgetTexts(): void {
  memory.fill(slots, 0, 1 << (SLOT_BITS + 4));
  memory.fill(novelty, 0, MOST_CELLS);
}

/**
 * Tells which cells have the text of a cell before them, so that it need not be made again. Takes rows of
 * `stride` cells, at most MOST_CELLS, up to a row that ends MOST_BYTES after the first.
 *
 * START and END are around all the cells, ROWS is how many rows that was, LONG_WIDE how many cells
 * are both.
 */
export function codeTexts(pairs: u32, kinds: u32, rows: u32, stride: u32): void {
  let first: u32 = u32.MAX_VALUE;
  let last: u32 = 0;
  let longWide: u32 = 0;
  let row: u32 = 0;
  let code: u32 = <u32>codes;
  for (; row < rows; row++) {
    for (let column: u32 = 0; column < stride; column++) {
      const start: u32 = load<u32>(pairs);
      const end: u32 = load<u32>(pairs, 4);
      pairs += 8;
      const isMissing = (load<u8>(kinds++) & <u8>KIND) == <u8>KIND_MISSING;
      if (!isMissing) {
        if (start < first) first = start;
        if (end > last) last = end;
      }
      const length = end - start;
      let found: u32;
      if (length < 16) {
        const text = v128.and(v128.load(start), v128.load(ones + 16 - length));
        const wide: u32 = i8x16.bitmask(text) ? WIDE : 0;
        const known: u32 = load<u8>(novelty + column);
        if (known >= MOSTLY_NEW) found = LONG | wide;
        else {
          const key = i8x16.replace_lane(text, 15, <i8>length);
          const hash: u64 =
            (i64x2.extract_lane(key, 0) * 0x9e3779b97f4a7c15) ^
            (i64x2.extract_lane(key, 1) * 0xc2b2ae3d27d4eb4f);
          found = <u32>((hash ^ (hash >> 29)) >> (54 - SLOT_BITS)) & ((1 << SLOT_BITS) - 1);
          const slot = slots + (found << 4);
          if (i8x16.all_true(i8x16.eq(v128.load(slot), key))) {
            if (known) store<u8>(novelty + column, <u8>(known - 1));
          } else {
            store<u8>(novelty + column, <u8>(known + 2));
            v128.store(slot, key);
            found |= NEW | wide;
          }
        }
      } else found = LONG | (isWide(start, length) ? WIDE : 0);
      longWide += <u32>((found & (LONG | WIDE)) == (LONG | WIDE));
      store<u16>(code, <u16>found);
      code += 2;
    }
    if (last - first >= MOST_BYTES && first < last) {
      row++;
      break;
    }
  }
  store<u32>(START, first);
  store<u32>(END, last);
  store<u32>(ROWS, row);
  store<u32>(LONG_WIDE, longWide);
}

function isWide(start: u32, length: u32): bool {
  let i: u32 = 0;
  for (; i + 16 < length; i += 16) if (i8x16.bitmask(v128.load(start + i))) return true;
  return i8x16.bitmask(v128.and(v128.load(start + i), v128.load(ones + 16 - (length - i)))) != 0;
}

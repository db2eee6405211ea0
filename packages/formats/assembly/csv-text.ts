import { HINT_SPECIAL, KIND, KIND_DOUBLED, KIND_ESCAPED, KIND_MISSING, KIND_NESTED, KIND_NULL } from './cell';
import { copyPlain, tightenJson, undoubled, unescapeJson } from './copy';
import { END, ROWS } from './report';

let delimiter: u32 = 44;
let quote: u32 = 34;
let quoteAll: bool = false;
let crlf: bool = false;
let nullText: u32 = 0;
let nullLength: u32 = 0;
let nullIsText: bool = false;

/**
 * How writeCsv writes. `nullAt` and `nullSize` are the text of null; with `quoteNullText` a text that
 * reads the same is quoted.
 */
export function useCsvStyle(
  delimiterByte: u32,
  quoteByte: u32,
  quoteEverything: bool,
  endWithCrlf: bool,
  nullAt: u32,
  nullSize: u32,
  quoteNullText: bool,
): void {
  delimiter = delimiterByte;
  quote = quoteByte;
  quoteAll = quoteEverything;
  crlf = endWithCrlf;
  nullText = nullAt;
  nullLength = nullSize;
  nullIsText = quoteNullText;
}

/**
 * Writes rows as delimited text to `o`..`limit`. `columns` holds for each of `width` columns the
 * number of its cell in the row, which has `stride` cells. `sourceQuote` is the quote that is doubled
 * in the cells. `sourceDelimiter` is what stands between them, where they are the row's first cells
 * in their order, and else 0. `limit` has to be 64 bytes before the end of what may be written to.
 *
 * END is just after what was written, ROWS is how many rows that was. Returns 0; 1 in front of a row
 * with text that UTF-8 cannot hold; 2 when there was no room for the next row.
 */
export function writeCsv(
  pairs: u32,
  kinds: u32,
  rows: u32,
  stride: u32,
  columns: u32,
  width: u32,
  sourceQuote: u32,
  sourceDelimiter: u32,
  o: u32,
  limit: u32,
): u32 {
  const delimiters = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(<i8>quote);
  const lineFeeds = i8x16.splat(10);
  const returns = i8x16.splat(13);
  const columnsEnd = columns + (width << 2);
  const alone = width == 1;
  const quick = !quoteAll && !nullIsText && !alone;
  const inRuns = quick && sourceDelimiter != 0;
  let row: u32 = 0;
  let status: u32 = 0;
  for (; row < rows; row++) {
    const rowStart = o;
    let triedUpTo: u32 = 0; // cells that cannot be written in one piece
    for (let entry = columns; entry < columnsEnd; entry += 4) {
      const cell: u32 = load<u32>(entry);
      const kind: u32 = load<u8>(kinds + cell);
      const pair = pairs + (cell << 3);
      const start: u32 = load<u32>(pair);
      const end: u32 = load<u32>(pair, 4);
      // A cell may be spelled out further on before it is quoted, so there has to be room for both.
      if (<u64>o + <u64>(end - start) * 4 + <u64>nullLength + 128 > <u64>limit) {
        status = 2;
        break;
      }
      // Cells without quotes are copied together, with the delimiters between them.
      if (inRuns && cell >= triedUpTo && isBare(kind)) {
        let after = cell + 1;
        while (after < width && isBare(load<u8>(kinds + after))) after++;
        const runEnd: u32 = load<u32>(pairs + (after << 3) - 4);
        if (
          <u64>o + <u64>(runEnd - start) + 128 <= <u64>limit &&
          writeRun(start, runEnd, sourceDelimiter, o)
        ) {
          o += runEnd - start;
          store<u8>(o++, <u8>delimiter);
          entry += (after - cell - 1) << 2;
          continue;
        }
        triedUpTo = after;
      }
      // Text that needs no quotes is by far the most frequent.
      if (quick && !(kind & KIND)) {
        const length = end - start;
        let found: u32 = 0;
        for (let i: u32 = 0; i < length; i += 16) {
          const bytes = v128.load(start + i);
          v128.store(o + i, bytes);
          found = i8x16.bitmask(
            v128.or(
              v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, quotes)),
              v128.or(i8x16.eq(bytes, lineFeeds), i8x16.eq(bytes, returns)),
            ),
          );
          if (length - i < 16) found &= ((<u32>1) << (length - i)) - 1;
          if (found) break;
        }
        if (!found) {
          o += length;
          store<u8>(o++, <u8>delimiter);
          continue;
        }
      }
      o = kind & KIND ? writeCell(kind, start, end, sourceQuote, alone, o) : writeText(start, end, alone, o);
      if (!o) {
        status = 1;
        break;
      }
      store<u8>(o++, <u8>delimiter);
    }
    if (status) {
      o = rowStart;
      break;
    }
    // The last delimiter gives way to the line end.
    if (crlf) store<u8>(o++ - 1, 13);
    store<u8>(o - 1, 10);
    pairs += stride << 3;
    kinds += stride;
  }
  store<u32>(END, o);
  store<u32>(ROWS, row);
  return status;
}

/** Whether a cell is text that was written without quotes. */
function isBare(kind: u32): bool {
  return (kind & ~HINT_SPECIAL) == 0;
}

/** Copies cells with the delimiters between them. False when one of them needs quotes. */
function writeRun(start: u32, end: u32, sourceDelimiter: u32, o: u32): bool {
  const sourceDelimiters = i8x16.splat(<i8>sourceDelimiter);
  const delimiters = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(<i8>quote);
  const length = end - start;
  for (let i: u32 = 0; i < length; i += 16) {
    const bytes = v128.load(start + i);
    const between = i8x16.eq(bytes, sourceDelimiters);
    v128.store(o + i, v128.bitselect(delimiters, bytes, between));
    let found: u32 = i8x16.bitmask(
      v128.or(v128.andnot(i8x16.eq(bytes, delimiters), between), i8x16.eq(bytes, quotes)),
    );
    if (length - i < 16) found &= ((<u32>1) << (length - i)) - 1;
    if (found) return false;
  }
  return true;
}

/** A cell that is not its own text. Gives 0 when UTF-8 cannot hold it. */
function writeCell(kind: u32, start: u32, end: u32, sourceQuote: u32, alone: bool, o: u32): u32 {
  const base = kind & KIND;
  if (base == KIND_NULL || base == KIND_MISSING) {
    // Where null can be told from empty text, it is what a blank line is.
    if (!nullLength && alone && !nullIsText) return writeQuoted(0, 0, o);
    return copyPlain(nullText, nullText + nullLength, o);
  }
  const spelled = o + (end - start) * 2 + 64;
  if (base == KIND_DOUBLED) {
    return writeText(spelled, undoubled(start, end, sourceQuote, spelled), alone, o);
  }
  if (base == KIND_ESCAPED) {
    const spelledEnd = unescapeJson(start, end, true, spelled);
    return spelledEnd ? writeText(spelled, spelledEnd, alone, o) : 0;
  }
  if (base == KIND_NESTED && kind & HINT_SPECIAL) {
    return writeText(spelled, tightenJson(start, end, spelled), alone, o);
  }
  return writeText(start, end, alone, o);
}

/** Text, in quotes where it needs them. `alone` when it is all that its row has. */
function writeText(start: u32, end: u32, alone: bool, o: u32): u32 {
  const delimiters = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(<i8>quote);
  const lineFeeds = i8x16.splat(10);
  const returns = i8x16.splat(13);
  const length = end - start;
  let found: u32 = 0;
  for (let i: u32 = 0; i < length; i += 16) {
    const bytes = v128.load(start + i);
    v128.store(o + i, bytes);
    found = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, quotes)),
        v128.or(i8x16.eq(bytes, lineFeeds), i8x16.eq(bytes, returns)),
      ),
    );
    if (length - i < 16) found &= ((<u32>1) << (length - i)) - 1;
    if (found) break;
  }
  // A lone empty cell would be a blank line.
  const needsQuotes =
    found != 0 || quoteAll || (length == 0 && alone) || (nullIsText && isNullText(start, length));
  return needsQuotes ? writeQuoted(start, end, o) : o + length;
}

function isNullText(start: u32, length: u32): bool {
  return length == nullLength && memory.compare(start, nullText, length) == 0;
}

function writeQuoted(start: u32, end: u32, o: u32): u32 {
  const quotes = i8x16.splat(<i8>quote);
  store<u8>(o++, <u8>quote);
  let p = start;
  while (p < end) {
    const bytes = v128.load(p);
    v128.store(o, bytes);
    const found = i8x16.bitmask(i8x16.eq(bytes, quotes));
    const run: u32 = found ? ctz(found) + 1 : 16;
    if (p + run > end) {
      o += end - p;
      break;
    }
    p += run;
    o += run;
    if (found) store<u8>(o++, <u8>quote);
  }
  store<u8>(o, <u8>quote);
  return o + 1;
}

import { mask64, prefixXor } from './bits';
import { HINT_QUOTED, HINT_SPECIAL, KIND_DOUBLED } from './cell';
import { END, LINES, ROWS } from './report';

const LF: u32 = 10;
const CR: u32 = 13;

/**
 * Finds the cells of delimited text, 64 bytes a step, in `start..end` (64 readable bytes follow).
 * Pairs of start and end go to `pairs`, kinds to `kinds`; there has to be room for `room` cells, and
 * for 64 kinds more.
 *
 * It takes the regular case only: records of `columns` cells that end with a line break, quotes
 * where RFC 4180 has them. In front of anything else it stops, and the reference kernel decides.
 *
 * Returns 0 at the end, 1 in front of a record that is not regular, 2 when there is no more room.
 */
export function tokenizeCsv(
  start: u32,
  end: u32,
  columns: u32,
  delimiter: u32,
  quote: u32,
  pairs: u32,
  kinds: u32,
  room: u32,
): u32 {
  const quotes = i8x16.splat(<i8>quote);
  const delimiters = i8x16.splat(<i8>delimiter);
  const lineFeeds = i8x16.splat(10);
  const returns = i8x16.splat(13);
  const backslashes = i8x16.splat(92);
  // A quote that is none here still is one in JSON.
  const jsonQuotes = i8x16.splat(quote == 34 ? 92 : 34);
  const space = i8x16.splat(32);

  let inQuotes: u64 = 0; // all bits set when the block begins inside quotes
  let cellStart = start;
  let hints: u32 = 0; // of the cell at hand
  let closedAt: u32 = 0; // where its quote was closed last
  let cells: u32 = 0;
  let rowEnd = columns - 1; // number of the cell that ends the row at hand
  let lines: u32 = 0;
  let recordEnd = start;
  let recordLines: u32 = 0;
  let crAt: u32 = 0; // of the last record that ended with CR
  let status: u32 = 0;

  for (let p = start; p < end; p += 64) {
    if (cells + 64 > room) {
      status = 2;
      break;
    }
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    const within: u64 = end - p < 64 ? ((<u64>1) << (end - p)) - 1 : ~(<u64>0);
    const quoteBits =
      within & mask64(i8x16.eq(a, quotes), i8x16.eq(b, quotes), i8x16.eq(c, quotes), i8x16.eq(d, quotes));
    const delimiterBits =
      within &
      mask64(
        i8x16.eq(a, delimiters),
        i8x16.eq(b, delimiters),
        i8x16.eq(c, delimiters),
        i8x16.eq(d, delimiters),
      );
    const lineBits =
      within &
      mask64(i8x16.eq(a, lineFeeds), i8x16.eq(b, lineFeeds), i8x16.eq(c, lineFeeds), i8x16.eq(d, lineFeeds));
    // What JSON escapes, line breaks among them.
    const specialBits =
      within &
      mask64(
        special(a, backslashes, jsonQuotes, space),
        special(b, backslashes, jsonQuotes, space),
        special(c, backslashes, jsonQuotes, space),
        special(d, backslashes, jsonQuotes, space),
      );

    // The plain block: no quote, nothing to escape, and every row that ends here has all its cells.
    const ends = delimiterBits | lineBits;
    if (!(quoteBits | inQuotes | <u64>hints | (specialBits & ~ends)) && crAt + 1 != p) {
      let rest = lineBits;
      let nextRowEnd = rowEnd;
      while (rest) {
        if (cells + <u32>popcnt(ends & ((rest & (0 - rest)) - 1)) != nextRowEnd) break;
        nextRowEnd += columns;
        rest &= rest - 1;
      }
      if (!rest) {
        let bits = ends;
        let pair = pairs + (cells << 3);
        clearKinds(kinds + cells);
        cells += <u32>popcnt(bits);
        while (bits) {
          const at = p + <u32>ctz(bits);
          bits &= bits - 1;
          store<u32>(pair, cellStart);
          store<u32>(pair, at, 4);
          pair += 8;
          cellStart = at + 1;
        }
        if (lineBits) {
          recordEnd = p + 64 - <u32>clz(lineBits);
          lines += <u32>popcnt(lineBits);
          recordLines = lines;
          rowEnd = nextRowEnd;
        }
        continue;
      }
    }

    const inside = prefixXor(quoteBits) ^ inQuotes;

    // The block in good order: no CR, rows as above, quotes only at the ends of cells or twice.
    const returnBits =
      within & mask64(i8x16.eq(a, returns), i8x16.eq(b, returns), i8x16.eq(c, returns), i8x16.eq(d, returns));
    const splitsCrlf = (lineBits & 1) != 0 && load<u8>(p - 1) == CR;
    const hasTextAfterQuote = (hints & HINT_QUOTED) != 0 && !inQuotes && closedAt != p - 1;
    if (!returnBits && !splitsCrlf && !hasTextAfterQuote) {
      const breaks = lineBits & ~inside;
      let bits = ends & ~inside;
      const opening = quoteBits & inside;
      const closing = quoteBits & ~inside;
      const afterClosing = (closing << 1) | <u64>(hints & HINT_QUOTED && closedAt == p - 1);
      const oddQuotes =
        (opening & ~((bits << 1) | afterClosing | <u64>(cellStart == p))) |
        (afterClosing & ~(bits | opening) & within);
      let rest = oddQuotes ? 0 : breaks;
      let nextRowEnd = rowEnd;
      while (rest) {
        if (cells + <u32>popcnt(bits & ((rest & (0 - rest)) - 1)) != nextRowEnd) break;
        nextRowEnd += columns;
        rest &= rest - 1;
      }
      // A row has to end before it can have too many cells.
      if (!(oddQuotes | rest) && cells + <u32>popcnt(bits) <= nextRowEnd) {
        const doubled = opening & afterClosing;
        const escaped = specialBits & ~bits & ~quoteBits;
        let before: u64 = 0; // bits up to the end of the cell before
        while (bits) {
          const at = p + <u32>ctz(bits);
          const upTo = bits ^ (bits - 1);
          const own = upTo & ~before;
          before = upTo;
          bits &= bits - 1;
          hints |=
            ((<u32>((quoteBits & own) != 0)) << 3) |
            ((<u32>((escaped & own) != 0)) << 4) |
            <u32>((doubled & own) != 0);
          const quoted: u32 = (hints >> 3) & 1;
          store<u32>(pairs + (cells << 3), cellStart + quoted);
          store<u32>(pairs + (cells << 3), at - quoted, 4);
          store<u8>(kinds + cells, <u8>hints);
          cells++;
          cellStart = at + 1;
          hints = 0;
        }
        hints |=
          ((<u32>((quoteBits & ~before) != 0)) << 3) |
          ((<u32>((escaped & ~before) != 0)) << 4) |
          <u32>((doubled & ~before) != 0);
        if (closing) closedAt = p + 63 - <u32>clz(closing);
        if (breaks) {
          const last = 63 - <u32>clz(breaks);
          recordEnd = p + last + 1;
          recordLines = lines + <u32>popcnt(lineBits << (63 - last));
          rowEnd = nextRowEnd;
        }
        lines += <u32>popcnt(lineBits);
        inQuotes = 0 - (inside >> 63);
        continue;
      }
    }

    let bits = quoteBits | (delimiterBits & ~inside) | specialBits;
    while (bits) {
      const bit = ctz(bits);
      bits &= bits - 1;
      const at = p + <u32>bit;
      const byte: u32 = load<u8>(at);
      const isInside = ((inside >> bit) & 1) != 0;
      if (byte == quote) {
        if (!isInside) closedAt = at;
        else if (at == cellStart) hints = HINT_QUOTED;
        else if (hints & HINT_QUOTED && closedAt == at - 1) hints |= KIND_DOUBLED;
        else {
          status = 1;
          break;
        }
        continue;
      }
      if (isInside || (byte != delimiter && byte != LF && byte != CR)) {
        hints |= HINT_SPECIAL;
        // Two bytes of one line break inside quotes count once.
        if (byte == CR || (byte == LF && load<u8>(at - 1) != CR)) lines++;
        continue;
      }
      if (byte == LF && crAt + 1 == at && cellStart == at) {
        cellStart = recordEnd = at + 1;
        continue;
      }
      if (byte != delimiter) {
        // A CR may be the first half of a CRLF that is not all there.
        if (byte == CR && at + 1 >= end) {
          end = at;
          break;
        }
        if (at == cellStart && cells + columns == rowEnd + 1 && columns > 1) {
          // A blank line.
          if (byte == CR) crAt = at;
          cellStart = recordEnd = at + 1;
          recordLines = ++lines;
          continue;
        }
        if (cells != rowEnd) {
          status = 1;
          break;
        }
      } else if (cells == rowEnd) {
        status = 1;
        break;
      }
      let cellEnd = at;
      if (hints & HINT_QUOTED) {
        if (closedAt != at - 1) {
          status = 1;
          break;
        }
        cellStart++;
        cellEnd--;
      }
      store<u32>(pairs + (cells << 3), cellStart);
      store<u32>(pairs + (cells << 3), cellEnd, 4);
      store<u8>(kinds + cells, <u8>hints);
      cells++;
      cellStart = at + 1;
      hints = 0;
      if (byte != delimiter) {
        if (byte == CR) crAt = at;
        recordEnd = at + 1;
        recordLines = ++lines;
        rowEnd += columns;
      }
    }
    if (status) break;
    inQuotes = 0 - (inside >> 63);
  }
  store<u32>(END, recordEnd);
  store<u32>(ROWS, (rowEnd + 1) / columns - 1);
  store<u32>(LINES, recordLines);
  return status;
}

function special(bytes: v128, backslashes: v128, quotes: v128, space: v128): v128 {
  return v128.or(v128.or(i8x16.eq(bytes, backslashes), i8x16.eq(bytes, quotes)), i8x16.lt_u(bytes, space));
}

function clearKinds(kinds: u32): void {
  const none = i8x16.splat(0);
  v128.store(kinds, none);
  v128.store(kinds, none, 16);
  v128.store(kinds, none, 32);
  v128.store(kinds, none, 48);
}

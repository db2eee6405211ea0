import { copyLoosely } from './copy';

/** Where the last position of every hash is noted, in bytes; see src/lz4/kernel.ts for what is where. */
const table: u32 = 1024;
const tableBits: u32 = 14;
const tableBytes: u32 = 4 << tableBits;

const shortestMatch: u32 = 4;
const farthestMatch: u32 = 65535;
/** A block ends with at least this many literals, and no match begins in its last twelve bytes. */
const lastLiterals: u32 = 5;
const matchLimit: u32 = 12;
/** After this many positions without a match, as a power of two, the search takes larger steps. */
const patience: u32 = 6;

/**
 * Encodes the bytes from `source` to `sourceEnd` as one LZ4 block at `target`, where there is room
 * for a 255th more than them and 32 bytes. Gives the end of the output.
 */
export function encodeBlock(source: u32, sourceEnd: u32, target: u32): u32 {
  memory.fill(table, 0, tableBytes);
  let o = target;
  let anchor = source;
  if (sourceEnd - source > matchLimit) {
    const searchEnd = sourceEnd - matchLimit;
    const matchEnd = sourceEnd - lastLiterals;
    let i = source + 1;
    let misses: u32 = 1 << patience;
    while (i < searchEnd) {
      const word = load<u32>(i);
      const entry = slot(word);
      // Positions are noted from 1 on, so that 0 means none.
      const noted = load<u32>(entry);
      const candidate = source + noted - 1;
      store<u32>(entry, i - source + 1);
      if (noted == 0 || i - candidate > farthestMatch || load<u32>(candidate) != word) {
        i += misses++ >> patience;
        continue;
      }
      misses = 1 << patience;
      let start = i;
      let match = candidate;
      while (start > anchor && match > source && load<u8>(start - 1) == load<u8>(match - 1)) {
        start--;
        match--;
      }
      const end = endOfMatch(i + shortestMatch, candidate + shortestMatch, matchEnd);
      o = writeSequence(anchor, start, start - match, end - start, o);
      anchor = end;
      if (end < searchEnd) store<u32>(slot(load<u32>(end - 2)), end - 2 - source + 1);
      i = end;
    }
  }
  return writeLastLiterals(anchor, sourceEnd, o);
}

function slot(word: u32): u32 {
  return table + (((word * 2654435761) >> (32 - tableBits)) << 2);
}

/** Where the bytes at `i` and at `match` begin to differ, at `limit` at the latest. */
function endOfMatch(i: u32, match: u32, limit: u32): u32 {
  while (i + 8 <= limit) {
    const difference = load<u64>(i) ^ load<u64>(match);
    if (difference != 0) return i + <u32>(ctz(difference) >> 3);
    i += 8;
    match += 8;
  }
  while (i < limit && load<u8>(i) == load<u8>(match)) {
    i++;
    match++;
  }
  return i;
}

function writeSequence(anchor: u32, start: u32, offset: u32, length: u32, o: u32): u32 {
  const token = o;
  const literals = start - anchor;
  o = writeLength(literals, o + 1);
  copyLoosely(anchor, o, literals);
  o += literals;
  store<u16>(o, <u16>offset);
  o = writeLength(length - shortestMatch, o + 2);
  store<u8>(token, <u8>((min(literals, 15) << 4) | min(length - shortestMatch, 15)));
  return o;
}

function writeLastLiterals(anchor: u32, end: u32, o: u32): u32 {
  const literals = end - anchor;
  store<u8>(o, <u8>(min(literals, 15) << 4));
  o = writeLength(literals, o + 1);
  memory.copy(o, anchor, literals);
  return o + literals;
}

/** What of a length does not fit into its half of the token. */
function writeLength(length: u32, o: u32): u32 {
  if (length < 15) return o;
  let rest = length - 15;
  while (rest >= 255) {
    store<u8>(o++, 255);
    rest -= 255;
  }
  store<u8>(o++, <u8>rest);
  return o;
}

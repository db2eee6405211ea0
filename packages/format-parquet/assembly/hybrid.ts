// The hybrid of runs and bit-packed groups, for levels and indices:
// https://parquet.apache.org/docs/file-format/data-pages/encodings/ (RLE)

import { END } from './report';

/**
 * Reads `count` values of `width` bits to 32-bit words at `out`. Gives 1, or 0 where there are not so many.
 * Eight bytes after `end` may be read. END is just after what was read.
 */
export function decodeHybrid(source: u32, end: u32, width: u32, count: u32, out: u32): u32 {
  let p = source;
  let o = out;
  const limit = out + (count << 2);
  const mask: u64 = ((<u64>1) << width) - 1;
  const bytes = (width + 7) >> 3;
  while (o < limit) {
    let header: u32 = 0;
    for (let shift: u32 = 0; ; shift += 7) {
      if (p >= end || shift > 28) return 0;
      const byte: u32 = load<u8>(p++);
      header |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (header & 1) {
      const available = end - p;
      const groups = header >> 1;
      const size = <u64>groups * width;
      // The last group may be cut where nothing of it is needed.
      const values = min<u64>((<u64>groups) << 3, (limit - o) >> 2);
      if ((values * width + 7) >> 3 > available) return 0;
      let bit: u32 = 0;
      for (let i: u32 = 0; i < <u32>values; i++, bit += width, o += 4) {
        store<u32>(o, <u32>((load<u64>(p + (bit >> 3)) >> (bit & 7)) & mask));
      }
      p += <u32>min<u64>(size, available);
    } else {
      const length = header >> 1;
      if (end - p < bytes) return 0;
      const value = <u32>(load<u64>(p) & (((<u64>1) << (bytes << 3)) - 1));
      if (width < 32 && value >> width) return 0;
      p += bytes;
      const after = o + (min(length, (limit - o) >> 2) << 2);
      for (; o < after; o += 4) store<u32>(o, value);
    }
  }
  store<u32>(END, p);
  return 1;
}

/**
 * Writes `count` 32-bit words as values of `width` bits to `out`, where there has to be room for
 * 16 + count × (width + 1) / 8 bytes and 5 for every 8 of them. Words behind the last may be read up to a multiple
 * of 8. Gives the place after the last byte.
 */
export function encodeHybrid(values: u32, count: u32, width: u32, out: u32): u32 {
  const end = values + (count << 2);
  const bytes = (width + 7) >> 3;
  let o = out;
  let p = values;
  while (p < end) {
    if (isRun(p, end)) {
      const value = load<u32>(p);
      const start = p;
      while (p < end && load<u32>(p) == value) p += 4;
      o = writeVarint(((p - start) >> 2) << 1, o);
      store<u32>(o, value);
      o += bytes;
      continue;
    }
    const start = p;
    let groups: u32 = 0;
    do {
      p += 32;
      groups++;
    } while (p < end && groups < 63 && !isRun(p, end));
    store<u8>(o++, <u8>((groups << 1) | 1));
    o = pack(start, min(p, end), groups, width, o);
  }
  return o;
}

/** Whether at least eight values are the same from here, or all that there are. */
function isRun(p: u32, end: u32): bool {
  const value = load<u32>(p);
  const limit = min(end, p + 32);
  for (p += 4; p < limit; p += 4) if (load<u32>(p) != value) return false;
  return true;
}

function pack(start: u32, end: u32, groups: u32, width: u32, o: u32): u32 {
  let bits: u64 = 0;
  let filled: u32 = 0;
  const after = o + groups * width;
  for (let p = start; p < end; p += 4) {
    bits |= (<u64>load<u32>(p)) << filled;
    filled += width;
    if (filled >= 32) {
      store<u32>(o, <u32>bits);
      o += 4;
      bits >>= 32;
      filled -= 32;
    }
  }
  for (; o < after; o++) {
    store<u8>(o, <u8>bits);
    bits >>= 8;
  }
  return after;
}

function writeVarint(value: u32, o: u32): u32 {
  while (value >= 128) {
    store<u8>(o++, <u8>(value | 128));
    value >>= 7;
  }
  store<u8>(o, <u8>value);
  return o + 1;
}

/** Bytes to words. */
export function widen(bytes: u32, count: u32, words: u32): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(words + (i << 2), load<u8>(bytes + i));
}

/** Words to bytes. Gives the largest. */
export function narrow(words: u32, count: u32, bytes: u32): u32 {
  let greatest: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u32>(words + (i << 2));
    greatest = max(greatest, word);
    store<u8>(bytes + i, <u8>word);
  }
  return greatest;
}

/** The largest of the words, 0 where there are none. */
export function largest(words: u32, count: u32): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) found = max(found, load<u32>(words + (i << 2)));
  return found;
}

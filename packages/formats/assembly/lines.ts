import { mask64 } from './bits';

/** How many line feeds there are in `start..end`. */
export function countLineFeeds(start: u32, end: u32): u32 {
  const lineFeeds = i8x16.splat(10);
  let count: u32 = 0;
  for (let p = start; p < end; p += 64) {
    let bits = mask64(
      i8x16.eq(v128.load(p), lineFeeds),
      i8x16.eq(v128.load(p, 16), lineFeeds),
      i8x16.eq(v128.load(p, 32), lineFeeds),
      i8x16.eq(v128.load(p, 48), lineFeeds),
    );
    if (end - p < 64) bits &= ((<u64>1) << (end - p)) - 1;
    count += <u32>popcnt(bits);
  }
  return count;
}

/** How many characters of UTF-8 there are in `start..end`: bytes that do not continue one. */
export function countCharacters(start: u32, end: u32): u32 {
  // As signed numbers, the bytes that continue a character are the smallest.
  const continuation = i8x16.splat(-64);
  let count: u32 = 0;
  for (let p = start; p < end; p += 64) {
    let bits = mask64(
      i8x16.ge_s(v128.load(p), continuation),
      i8x16.ge_s(v128.load(p, 16), continuation),
      i8x16.ge_s(v128.load(p, 32), continuation),
      i8x16.ge_s(v128.load(p, 48), continuation),
    );
    if (end - p < 64) bits &= ((<u64>1) << (end - p)) - 1;
    count += <u32>popcnt(bits);
  }
  return count;
}

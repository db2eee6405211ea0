// The block format of LZ4: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md

import { copyBack } from './snappy';

/** As snappyDecompress. */
export function lz4Decompress(source: u32, end: u32, out: u32, expected: u32): u32 {
  let p = source;
  let o = out;
  const limit = out + expected;
  while (p < end) {
    const token: u32 = load<u8>(p++);
    let literals = token >> 4;
    if (literals == 15) {
      let byte: u32 = 255;
      while (byte == 255) {
        if (p >= end || literals > expected) return 0;
        byte = load<u8>(p++);
        literals += byte;
      }
    }
    if (literals > end - p || literals > limit - o) return 0;
    memory.copy(o, p, literals);
    p += literals;
    o += literals;
    // The last sequence has no copy.
    if (p == end) return <u32>(o == limit);
    if (end - p < 2) return 0;
    const offset: u32 = load<u16>(p);
    p += 2;
    let size = (token & 15) + 4;
    if (size == 19) {
      let byte: u32 = 255;
      while (byte == 255) {
        if (p >= end || size > expected) return 0;
        byte = load<u8>(p++);
        size += byte;
      }
    }
    if (!offset || offset > o - out || size > limit - o) return 0;
    o = copyBack(offset, size, o);
  }
  return <u32>(o == limit);
}

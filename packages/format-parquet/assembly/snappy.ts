// The raw format of Snappy: https://github.com/google/snappy/blob/main/format_description.txt

const tableBits: u32 = 14;
const blockBytes: u32 = 65_536;

/**
 * Compresses `length` bytes to `out`, where there has to be room for 32 + length × 7 / 6. `table` is
 * 32 KiB of its own. Gives the place after the last byte.
 */
export function snappyCompress(source: u32, length: u32, out: u32, table: u32): u32 {
  let o = writeVarint(length, out);
  for (let done: u32 = 0; done < length; done += blockBytes) {
    o = compressBlock(source + done, min(blockBytes, length - done), o, table);
  }
  return o;
}

function writeVarint(value: u32, o: u32): u32 {
  while (value >= 128) {
    store<u8>(o++, <u8>(value | 128));
    value >>= 7;
  }
  store<u8>(o, <u8>value);
  return o + 1;
}

function hash(bytes: u32): u32 {
  return (bytes * 0x1e35a7bd) >> (32 - tableBits);
}

function compressBlock(start: u32, length: u32, o: u32, table: u32): u32 {
  const end = start + length;
  let literal = start;
  if (length >= 16) {
    memory.fill(table, 0, 1 << (tableBits + 1));
    const limit = end - 15;
    let p = start + 1;
    while (p < limit) {
      // The longer nothing is found, the larger the steps.
      let skip: u32 = 32;
      let candidate: u32 = 0;
      for (;;) {
        const bytes = load<u32>(p);
        const slot = table + (hash(bytes) << 1);
        candidate = start + load<u16>(slot);
        store<u16>(slot, <u16>(p - start));
        if (load<u32>(candidate) == bytes && candidate < p) break;
        p += skip++ >> 5;
        if (p >= limit) return writeLiteral(literal, end, o);
      }
      if (p > literal) o = writeLiteral(literal, p, o);
      let matched: u32 = 4;
      while (p + matched + 8 <= end) {
        const difference = load<u64>(p + matched) ^ load<u64>(candidate + matched);
        if (difference) {
          matched += <u32>ctz(difference) >> 3;
          break;
        }
        matched += 8;
      }
      if (p + matched + 8 > end) {
        while (p + matched < end && load<u8>(p + matched) == load<u8>(candidate + matched)) matched++;
      }
      o = writeCopy(p - candidate, matched, o);
      p += matched;
      literal = p;
      if (p < limit) store<u16>(table + (hash(load<u32>(p - 1)) << 1), <u16>(p - 1 - start));
    }
  }
  return literal < end ? writeLiteral(literal, end, o) : o;
}

function writeLiteral(start: u32, end: u32, o: u32): u32 {
  const length = end - start;
  const code = length - 1;
  if (code < 60) {
    store<u8>(o++, <u8>(code << 2));
    if (length <= 16) {
      v128.store(o, v128.load(start));
      return o + length;
    }
  } else if (code < 256) {
    store<u8>(o, 60 << 2);
    store<u8>(o, <u8>code, 1);
    o += 2;
  } else {
    store<u8>(o, 61 << 2);
    store<u16>(o, <u16>code, 1);
    o += 3;
  }
  memory.copy(o, start, length);
  return o + length;
}

function writeCopy(offset: u32, length: u32, o: u32): u32 {
  while (length >= 68) {
    o = writeFarCopy(offset, 64, o);
    length -= 64;
  }
  if (length > 64) {
    o = writeFarCopy(offset, 60, o);
    length -= 60;
  }
  if (length >= 12 || offset >= 2048) return writeFarCopy(offset, length, o);
  store<u8>(o, <u8>(1 | ((length - 4) << 2) | ((offset >> 8) << 5)));
  store<u8>(o, <u8>offset, 1);
  return o + 2;
}

function writeFarCopy(offset: u32, length: u32, o: u32): u32 {
  store<u8>(o, <u8>(2 | ((length - 1) << 2)));
  store<u16>(o, <u16>offset, 1);
  return o + 3;
}

/**
 * Decompresses to `out`, which has to have room for `expected` bytes and 32 more. Gives 1, or 0 when it
 * is no Snappy of so many bytes.
 */
export function snappyDecompress(source: u32, end: u32, out: u32, expected: u32): u32 {
  let p = source;
  let length: u32 = 0;
  for (let shift: u32 = 0; ; shift += 7) {
    if (p >= end || shift > 28) return 0;
    const byte: u32 = load<u8>(p++);
    length |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  if (length != expected) return 0;
  let o = out;
  const limit = out + expected;
  while (p < end) {
    const tag: u32 = load<u8>(p++);
    let size: u32 = 0;
    let offset: u32 = 0;
    if ((tag & 3) == 0) {
      size = (tag >> 2) + 1;
      if (size > 60) {
        const bytes = size - 60;
        if (end - p < bytes) return 0;
        size = load<u8>(p);
        if (bytes > 1) size |= (<u32>load<u8>(p, 1)) << 8;
        if (bytes > 2) size |= (<u32>load<u8>(p, 2)) << 16;
        if (bytes > 3) size |= (<u32>load<u8>(p, 3)) << 24;
        size++;
        p += bytes;
      }
      if (size > end - p || size > limit - o || !size) return 0;
      if (size <= 16) v128.store(o, v128.load(p));
      else memory.copy(o, p, size);
      p += size;
      o += size;
      continue;
    }
    if ((tag & 3) == 1) {
      if (p >= end) return 0;
      size = ((tag >> 2) & 7) + 4;
      offset = ((tag >> 5) << 8) | load<u8>(p++);
    } else if ((tag & 3) == 2) {
      if (end - p < 2) return 0;
      size = (tag >> 2) + 1;
      offset = load<u16>(p);
      p += 2;
    } else {
      if (end - p < 4) return 0;
      size = (tag >> 2) + 1;
      offset = load<u32>(p);
      p += 4;
    }
    if (!offset || offset > o - out || size > limit - o) return 0;
    o = copyBack(offset, size, o);
  }
  return <u32>(o == limit);
}

/** Repeats what is `offset` bytes back; up to 16 bytes behind may be overwritten. */
export function copyBack(offset: u32, size: u32, o: u32): u32 {
  const after = o + size;
  if (offset >= 16) {
    for (; o < after; o += 16) v128.store(o, v128.load(o - offset));
  } else if (offset >= 8) {
    for (; o < after; o += 8) store<u64>(o, load<u64>(o - offset));
  } else {
    for (; o < after; o++) store<u8>(o, load<u8>(o - offset));
  }
  return after;
}

// DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY: https://parquet.apache.org/docs/file-format/data-pages/encodings/

import { COUNT, END } from './report';

let at: u32 = 0;
let failed: bool = false;

function readVarint(end: u32): u64 {
  let value: u64 = 0;
  for (let shift: u32 = 0; shift < 70; shift += 7) {
    if (at >= end) break;
    const byte: u64 = load<u8>(at++);
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
  }
  failed = true;
  return 0;
}

function unzigzag(value: u64): i64 {
  return <i64>(value >> 1) ^ -(<i64>(value & 1));
}

/**
 * Reads at most `room` integers to `size` bytes each (4 or 8) at `out`. Gives 1, or 0 when they are not in
 * order or more than that. Eight bytes after `end` may be read. COUNT is how many there were, END is just
 * after what was read.
 */
export function decodeDelta(source: u32, end: u32, room: u32, size: u32, out: u32): u32 {
  at = source;
  failed = false;
  const blockValues = readVarint(end);
  const miniblocks = readVarint(end);
  const total = readVarint(end);
  let value = unzigzag(readVarint(end));
  if (failed || total > room || !blockValues || !miniblocks) return 0;
  if (blockValues > 0x100_0000 || miniblocks > blockValues) return 0;
  const perMiniblock = <u32>(blockValues / miniblocks);
  if (perMiniblock & 7 || !perMiniblock) return 0;
  const count = <u32>total;
  store<u32>(COUNT, count);
  let done: u32 = 0;
  if (count) {
    put(value, size, out);
    done = 1;
  }
  while (done < count) {
    const least = unzigzag(readVarint(end));
    const widths = at;
    if (failed || end - at < <u32>miniblocks) return 0;
    at += <u32>miniblocks;
    for (let block: u32 = 0; block < <u32>miniblocks && done < count; block++) {
      const width: u32 = load<u8>(widths + block);
      const wanted = min(perMiniblock, count - done);
      const bytes = (<u64>perMiniblock * width) >> 3;
      if (width > 64 || (<u64>wanted * width + 7) >> 3 > <u64>(end - at)) return 0;
      let bit: u64 = 0;
      for (let i: u32 = 0; i < wanted; i++, bit += width, done++) {
        value += least + <i64>bitsAt(at + <u32>(bit >> 3), <u32>bit & 7, width);
        put(value, size, out + done * size);
      }
      at += <u32>min<u64>(bytes, end - at);
    }
  }
  store<u32>(END, at);
  return 1;
}

function put(value: i64, size: u32, o: u32): void {
  if (size == 4) store<i32>(o, <i32>value);
  else store<i64>(o, value);
}

function bitsAt(p: u32, shift: u32, width: u32): u64 {
  if (!width) return 0;
  let bits = load<u64>(p) >> shift;
  if (shift + width > 64) bits |= (<u64>load<u8>(p, 8)) << (64 - shift);
  return width == 64 ? bits : bits & (((<u64>1) << width) - 1);
}

/**
 * Writes integers as one DELTA_BINARY_PACKED stream of blocks of 128 in four parts. There has to be room for
 * 9 bytes a value and 64. Gives the place after the last byte.
 */
export function encodeDelta(values: u32, count: u32, out: u32): u32 {
  let o = writeVarint(128, out);
  o = writeVarint(4, o);
  o = writeVarint(count, o);
  o = writeVarint(zigzag(count ? load<i64>(values) : 0), o);
  for (let done: u32 = 1; done < count; done += 128) {
    const inBlock = min<u32>(128, count - done);
    const first = values + (done << 3);
    let least = i64.MAX_VALUE;
    for (let i: u32 = 0; i < inBlock; i++) least = min<i64>(least, difference(first + (i << 3)));
    o = writeVarint(zigzag(least), o);
    const widths = o;
    store<u32>(widths, 0);
    o += 4;
    for (let part: u32 = 0; part << 5 < inBlock; part++) {
      const from = first + (part << 8);
      const inPart = min<u32>(32, inBlock - (part << 5));
      let all: u64 = 0;
      for (let i: u32 = 0; i < inPart; i++) all |= <u64>(difference(from + (i << 3)) - least);
      const width: u32 = 64 - <u32>clz(all);
      store<u8>(widths + part, <u8>width);
      memory.fill(o, 0, (width << 2) + 9);
      let bit: u32 = 0;
      for (let i: u32 = 0; i < inPart; i++, bit += width) {
        const value = <u64>(difference(from + (i << 3)) - least);
        const p = o + (bit >> 3);
        const shift: u64 = bit & 7;
        store<u64>(p, load<u64>(p) | (value << shift));
        if (shift + width > 64) store<u8>(p, <u8>(value >> (64 - shift)), 8);
      }
      o += width << 2;
    }
  }
  return o;
}

function difference(p: u32): i64 {
  return load<i64>(p) - load<i64>(p - 8);
}

function zigzag(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63));
}

function writeVarint(value: u64, o: u32): u32 {
  while (value >= 128) {
    store<u8>(o++, <u8>(value | 128));
    value >>= 7;
  }
  store<u8>(o, <u8>value);
  return o + 1;
}

/**
 * Lengths (32-bit words at `lengths`) to offsets from 0. Gives 1, or 0 where they are more than `available`
 * bytes in all or one is below 0. END is their sum.
 */
export function offsetsOfLengths(lengths: u32, count: u32, available: u32, offsets: u32): u32 {
  let sum: u64 = 0;
  store<u32>(offsets, 0);
  for (let i: u32 = 0; i < count; i++) {
    const length: i32 = load<i32>(lengths + (i << 2));
    if (length < 0) return 0;
    sum += length;
    if (sum > available) return 0;
    store<u32>(offsets + (i << 2), <u32>sum, 4);
  }
  store<u32>(END, <u32>sum);
  return 1;
}

/** The bytes that texts have in all which begin with parts of the ones before, or 2^32 − 1 when they are not in order. */
export function prefixedLength(prefixes: u32, suffixes: u32, count: u32): u32 {
  let sum: u64 = 0;
  let before: i64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const prefix: i64 = load<i32>(prefixes + (i << 2));
    const suffix: i64 = load<i32>(suffixes + (i << 2));
    if (prefix < 0 || suffix < 0 || prefix > before) return 0xffffffff;
    before = prefix + suffix;
    sum += before;
  }
  return sum > 0xfffffffe ? 0xffffffff : <u32>sum;
}

/** Texts, each the beginning of the one before and a suffix. Their lengths have been checked by prefixedLength. */
export function joinPrefixes(
  prefixes: u32,
  suffixes: u32,
  count: u32,
  bytes: u32,
  offsets: u32,
  out: u32,
): void {
  let o = out;
  let before = out;
  store<u32>(offsets, 0);
  for (let i: u32 = 0; i < count; i++) {
    const prefix = load<u32>(prefixes + (i << 2));
    const suffix = load<u32>(suffixes + (i << 2));
    const start = o;
    memory.copy(o, before, prefix);
    memory.copy(o + prefix, bytes, suffix);
    bytes += suffix;
    o += prefix + suffix;
    before = start;
    store<u32>(offsets + (i << 2), o - out, 4);
  }
}

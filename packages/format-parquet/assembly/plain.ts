// PLAIN and BYTE_STREAM_SPLIT, and what goes with levels.

import { COUNT, END } from './report';

/**
 * `count` texts, each behind its length, to `out` one behind the other, and to `offsets` where they begin, from
 * 0. Gives 1, or 0 where there are not so many. `out` has to have room for all of the source and 16 bytes more.
 * END is just after what was read, COUNT the bytes written.
 */
export function plainTexts(source: u32, end: u32, count: u32, offsets: u32, out: u32): u32 {
  let p = source;
  let o = out;
  store<u32>(offsets, 0);
  for (let i: u32 = 0; i < count; i++) {
    if (end - p < 4) return 0;
    const length = load<u32>(p);
    p += 4;
    if (length > end - p) return 0;
    v128.store(o, v128.load(p));
    if (length > 16) memory.copy(o + 16, p + 16, length - 16);
    p += length;
    o += length;
    store<u32>(offsets + (i << 2), o - out, 4);
  }
  store<u32>(END, p);
  store<u32>(COUNT, o - out);
  return 1;
}

/** Texts to their lengths and bytes at `out`. Gives the place after the last. */
export function writePlainTexts(offsets: u32, bytes: u32, count: u32, out: u32): u32 {
  let o = out;
  for (let i: u32 = 0; i < count; i++) {
    const start = load<u32>(offsets + (i << 2));
    const length = load<u32>(offsets + (i << 2), 4) - start;
    store<u32>(o, length);
    o += 4;
    v128.store(o, v128.load(bytes + start));
    if (length > 16) memory.copy(o + 16, bytes + start + 16, length - 16);
    o += length;
  }
  return o;
}

/** Bytes 0 and 1 to bits. */
export function packBits(values: u32, count: u32, out: u32): void {
  memory.fill(out, 0, (count + 7) >> 3);
  for (let i: u32 = 0; i < count; i++) {
    const p = out + (i >> 3);
    store<u8>(p, load<u8>(p) | (load<u8>(values + i) << (<u8>(i & 7))));
  }
}

/** Bits to bytes 0 and 1. */
export function unpackBits(bits: u32, count: u32, out: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(out + i, (load<u8>(bits + (i >> 3)) >> <u8>(i & 7)) & 1);
  }
}

/** Byte k of value i is at `source` + k × count + i. */
export function joinStreams(source: u32, count: u32, size: u32, out: u32): void {
  for (let k: u32 = 0; k < size; k++) {
    const stream = source + k * count;
    let o = out + k;
    for (let i: u32 = 0; i < count; i++, o += size) store<u8>(o, load<u8>(stream + i));
  }
}

/** Sets a bit of `validity`, which has to be 0 before, for each level that is `greatest`. Gives how many. */
export function validityOfLevels(levels: u32, count: u32, greatest: u32, validity: u32): u32 {
  let present: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const isPresent = <u32>(load<u8>(levels + i) == greatest);
    present += isPresent;
    const p = validity + (i >> 3);
    store<u8>(p, load<u8>(p) | <u8>(isPresent << (i & 7)));
  }
  return present;
}

/** Moves values of `size` bytes (1, 4, 8) that stand one behind the other to the places that are valid. */
export function spreadValues(values: u32, size: u32, present: u32, validity: u32, count: u32): void {
  let from = present;
  for (let i = count; i > 0;) {
    i--;
    if (!((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1)) continue;
    from--;
    if (from == i) return;
    if (size == 4) store<u32>(values + (i << 2), load<u32>(values + (from << 2)));
    else if (size == 8) store<u64>(values + (i << 3), load<u64>(values + (from << 3)));
    else store<u8>(values + i, load<u8>(values + from));
  }
}

/** The same for offsets: what is not there is empty. */
export function spreadOffsets(offsets: u32, present: u32, validity: u32, count: u32): void {
  let from = present;
  for (let i = count; i > 0;) {
    store<u32>(offsets + (i << 2), load<u32>(offsets + (from << 2)));
    i--;
    if ((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1) from--;
  }
}

/** Closes the gaps again: values that are valid, one behind the other. Gives how many. */
export function gatherValid(values: u32, size: u32, validity: u32, count: u32, out: u32): u32 {
  let o: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (!((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1)) continue;
    if (size == 8) store<u64>(out + (o << 3), load<u64>(values + (i << 3)));
    else if (size == 4) store<u32>(out + (o << 2), load<u32>(values + (i << 2)));
    else store<u8>(out + o, load<u8>(values + i));
    o++;
  }
  return o;
}

/** The same for offsets, where what is not there is empty. */
export function gatherValidOffsets(offsets: u32, validity: u32, count: u32, out: u32): u32 {
  let o: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (!((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1)) continue;
    store<u32>(out + (o << 2), load<u32>(offsets + (i << 2)));
    o++;
  }
  store<u32>(out + (o << 2), load<u32>(offsets + (count << 2)));
  return o;
}

/** Validity to levels of a byte each. */
export function levelsOfValidity(validity: u32, count: u32, levels: u32): void {
  unpackBits(validity, count, levels);
}

/** 64-bit integers to 32 bits. */
export function halve(values: u32, count: u32, out: u32): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(out + (i << 2), load<u32>(values + (i << 3)));
}

/** 32-bit integers to 64 bits. */
export function double(values: u32, count: u32, out: u32): void {
  for (let i: u32 = 0; i < count; i++) store<i64>(out + (i << 3), <i64>load<i32>(values + (i << 2)));
}

// Dictionaries: a hash table of the numbers of entries, plus 1, with open addressing.

import { COUNT, GREATEST, LEAST } from './report';

function hashOf(value: u64): u32 {
  const mixed = value * 0x9e3779b97f4a7c15;
  return <u32>(mixed >> 32) ^ <u32>(mixed >> 61);
}

function hashText(start: u32, length: u32): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let p = start;
  let left = length;
  while (left >= 8) {
    hash = (hash ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
    p += 8;
    left -= 8;
  }
  if (left) {
    const tail = load<u64>(p) & (((<u64>1) << (left << 3)) - 1);
    hash = (hash ^ tail) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  hash *= 0x9e3779b97f4a7c15;
  return <u32>(hash >> 32);
}

/**
 * Numbers of 64-bit words to `indices`, new ones added to `entries`. Gives how many values were dealt with:
 * fewer than `count` when there are `most` entries and one more is needed. COUNT is how many entries there are.
 */
export function indexWords(
  values: u32,
  count: u32,
  slots: u32,
  mask: u32,
  entries: u32,
  entryCount: u32,
  most: u32,
  indices: u32,
): u32 {
  let i: u32 = 0;
  let isFull = false;
  for (; i < count; i++) {
    const value = load<u64>(values + (i << 3));
    let slot = hashOf(value) & mask;
    for (;;) {
      const found = load<u32>(slots + (slot << 2));
      if (!found) {
        isFull = entryCount == most;
        if (isFull) break;
        store<u64>(entries + (entryCount << 3), value);
        store<u32>(slots + (slot << 2), ++entryCount);
        store<u32>(indices + (i << 2), entryCount - 1);
        break;
      }
      if (load<u64>(entries + ((found - 1) << 3)) == value) {
        store<u32>(indices + (i << 2), found - 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
    if (isFull) break;
  }
  store<u32>(COUNT, entryCount);
  return i;
}

/**
 * The same for texts, whose entries are bytes at `entryBytes` and offsets at `entryOffsets`. It also stops when
 * there is no room for the bytes of one more, of which there are `room`.
 */
export function indexTexts(
  offsets: u32,
  bytes: u32,
  count: u32,
  slots: u32,
  mask: u32,
  entryOffsets: u32,
  entryBytes: u32,
  entryCount: u32,
  most: u32,
  room: u32,
  indices: u32,
): u32 {
  let i: u32 = 0;
  let isFull = false;
  for (; i < count; i++) {
    const start = load<u32>(offsets + (i << 2));
    const length = load<u32>(offsets + (i << 2), 4) - start;
    const text = bytes + start;
    let slot = hashText(text, length) & mask;
    for (;;) {
      const found = load<u32>(slots + (slot << 2));
      if (!found) {
        const at = load<u32>(entryOffsets + (entryCount << 2));
        isFull = entryCount == most || length > room - at;
        if (isFull) break;
        memory.copy(entryBytes + at, text, length);
        store<u32>(slots + (slot << 2), ++entryCount);
        store<u32>(entryOffsets + (entryCount << 2), at + length);
        store<u32>(indices + (i << 2), entryCount - 1);
        break;
      }
      const entry = load<u32>(entryOffsets + ((found - 1) << 2));
      const entryLength = load<u32>(entryOffsets + (found << 2)) - entry;
      if (entryLength == length && isSame(text, entryBytes + entry, length)) {
        store<u32>(indices + (i << 2), found - 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
    if (isFull) break;
  }
  store<u32>(COUNT, entryCount);
  return i;
}

function isSame(a: u32, b: u32, length: u32): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  return !length || !((load<u64>(a) ^ load<u64>(b)) & (((<u64>1) << (length << 3)) - 1));
}

/** Puts all entries into a larger table, which has to be 0. */
export function rehashWords(entries: u32, count: u32, slots: u32, mask: u32): void {
  for (let i: u32 = 0; i < count; i++) insert(hashOf(load<u64>(entries + (i << 3))), i, slots, mask);
}

export function rehashTexts(offsets: u32, bytes: u32, count: u32, slots: u32, mask: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const start = load<u32>(offsets + (i << 2));
    insert(hashText(bytes + start, load<u32>(offsets + (i << 2), 4) - start), i, slots, mask);
  }
}

function insert(hash: u32, entry: u32, slots: u32, mask: u32): void {
  let slot = hash & mask;
  while (load<u32>(slots + (slot << 2))) slot = (slot + 1) & mask;
  store<u32>(slots + (slot << 2), entry + 1);
}

/** Entries of 4 or 8 bytes by their numbers. */
export function entriesOf(entries: u32, size: u32, indices: u32, count: u32, out: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const index = load<u32>(indices + (i << 2));
    if (size == 4) store<u32>(out + (i << 2), load<u32>(entries + (index << 2)));
    else store<u64>(out + (i << 3), load<u64>(entries + (index << 3)));
  }
}

/** The bytes that the texts of so many numbers have in all, at most 2^32 − 1. */
export function lengthOfEntries(offsets: u32, indices: u32, count: u32): u32 {
  let sum: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const entry = offsets + (load<u32>(indices + (i << 2)) << 2);
    sum += load<u32>(entry, 4) - load<u32>(entry);
  }
  return sum > 0xffffffff ? 0xffffffff : <u32>sum;
}

/** Entries by their numbers as texts, to `out` and `outOffsets`. */
export function textsOfEntries(
  offsets: u32,
  bytes: u32,
  indices: u32,
  count: u32,
  outOffsets: u32,
  out: u32,
): void {
  let o = out;
  store<u32>(outOffsets, 0);
  for (let i: u32 = 0; i < count; i++) {
    const entry = offsets + (load<u32>(indices + (i << 2)) << 2);
    const start = load<u32>(entry);
    const length = load<u32>(entry, 4) - start;
    memory.copy(o, bytes + start, length);
    o += length;
    store<u32>(outOffsets + (i << 2), o - out, 4);
  }
}

/** The numbers of the least and the greatest of some texts to LEAST and GREATEST. There has to be one. */
export function extremeTexts(offsets: u32, bytes: u32, count: u32): void {
  let least: u32 = 0;
  let greatest: u32 = 0;
  for (let i: u32 = 1; i < count; i++) {
    if (compareTexts(offsets, bytes, i, least) < 0) least = i;
    else if (compareTexts(offsets, bytes, i, greatest) > 0) greatest = i;
  }
  store<u32>(LEAST, least);
  store<u32>(GREATEST, greatest);
}

function compareTexts(offsets: u32, bytes: u32, a: u32, b: u32): i32 {
  const startA = load<u32>(offsets + (a << 2));
  const startB = load<u32>(offsets + (b << 2));
  const lengthA = load<u32>(offsets + (a << 2), 4) - startA;
  const lengthB = load<u32>(offsets + (b << 2), 4) - startB;
  const order = memory.compare(bytes + startA, bytes + startB, min(lengthA, lengthB));
  return order ? order : <i32>lengthA - <i32>lengthB;
}

/** The same for integers of 4 or 8 bytes. */
export function extremeIntegers(values: u32, size: u32, count: u32): void {
  let least: u32 = 0;
  let greatest: u32 = 0;
  let smallest = i64.MAX_VALUE;
  let largest = i64.MIN_VALUE;
  for (let i: u32 = 0; i < count; i++) {
    const value: i64 = size == 4 ? <i64>load<i32>(values + (i << 2)) : load<i64>(values + (i << 3));
    if (value < smallest) {
      smallest = value;
      least = i;
    }
    if (value > largest) {
      largest = value;
      greatest = i;
    }
  }
  store<u32>(LEAST, least);
  store<u32>(GREATEST, greatest);
}

/** The same for doubles. NaN is neither; gives whether there was another. */
export function extremeDoubles(values: u32, count: u32): u32 {
  let least: u32 = 0;
  let greatest: u32 = 0;
  let smallest = f64.POSITIVE_INFINITY;
  let largest = f64.NEGATIVE_INFINITY;
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const value = load<f64>(values + (i << 3));
    if (value != value) continue;
    if (!found || value < smallest) {
      smallest = value;
      least = i;
    }
    if (!found || value > largest) {
      largest = value;
      greatest = i;
    }
    found = 1;
  }
  store<u32>(LEAST, least);
  store<u32>(GREATEST, greatest);
  return found;
}

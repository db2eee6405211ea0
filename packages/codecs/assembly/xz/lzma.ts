import {
  beginRange,
  bit,
  bits,
  bitsLike,
  directBits,
  evenOdds,
  rangeAt,
  rangeEndsAt,
  reversedBits,
} from './range-decoder';

/** LZMA as the chunks of LZMA2 contain it. See src/xz/kernel.ts for what is where in the memory. */

const shortestMatch: u32 = 2;

// Probabilities, two bytes each, of the model whose parts are named as in the LZMA specification.
const model: u32 = 1024;
const isMatch = model;
const isRep = isMatch + 2 * 192;
const isRepG0 = isRep + 2 * 12;
const isRepG1 = isRepG0 + 2 * 12;
const isRepG2 = isRepG1 + 2 * 12;
const isRep0Long = isRepG2 + 2 * 12;
const positionSlots = isRep0Long + 2 * 192;
const positions = positionSlots + 2 * 256;
const alignment = positions + 2 * 128;
const matchLength = alignment + 2 * 16;
const repLength = matchLength + 2 * 514;
const literals = repLength + 2 * 514;
const literalCoder: u32 = 0x300;

let contextBits: u32 = 0;
let literalPositionMask: u32 = 0;
let positionMask: u32 = 0;

/** What the last symbols were: below 7 the last one was a literal. */
let state: u32 = 0;
let rep0: u32 = 0;
let rep1: u32 = 0;
let rep2: u32 = 0;
let rep3: u32 = 0;
/** Bytes since the dictionary was emptied, modulo 2³². */
let position: u32 = 0;

export function emptyDictionary(): void {
  position = 0;
}

/** Counts bytes that were put into the window without LZMA. */
export function addStored(length: u32): void {
  position += length;
}

/** Takes over the properties that a byte stands for, and forgets the rest. Returns whether they are valid. */
export function setProperties(properties: u32): bool {
  if (properties >= 225) return false;
  const lc = properties % 9;
  const lp = (properties / 9) % 5;
  if (lc + lp > 4) return false;
  contextBits = lc;
  literalPositionMask = (1 << lp) - 1;
  positionMask = (1 << (properties / 45)) - 1;
  resetState();
  return true;
}

export function resetState(): void {
  state = 0;
  rep0 = 0;
  rep1 = 0;
  rep2 = 0;
  rep3 = 0;
  const end = literals + 2 * (literalCoder * 16);
  for (let at = model; at < end; at += 2) store<u16>(at, evenOdds);
}

/**
 * Decodes the chunk from `source` to `sourceEnd` into all of `target` to `targetEnd`. Matches reach
 * back to `history`, and by `dictionarySize` bytes at most. Returns whether the chunk is valid.
 */
export function decodeChunk(
  source: u32,
  sourceEnd: u32,
  target: u32,
  targetEnd: u32,
  history: u32,
  dictionarySize: u32,
): bool {
  if (sourceEnd - source < 5 || !beginRange(source)) return false;
  let o = target;
  while (o < targetEnd) {
    if (rangeAt() > sourceEnd) return false;
    const positionState = position & positionMask;
    if (bit(isMatch + (((state << 4) + positionState) << 1)) == 0) {
      store<u8>(o, literal(o, history));
      o++;
      position++;
      continue;
    }
    const length = match(positionState);
    if (rep0 >= o - history || rep0 >= dictionarySize || length > targetEnd - o) return false;
    repeat(rep0 + 1, o, length);
    o += length;
    position += length;
  }
  return rangeEndsAt(sourceEnd);
}

function literal(o: u32, history: u32): u32 {
  const previous: u32 = o == history ? 0 : load<u8>(o - 1);
  const context = ((position & literalPositionMask) << contextBits) + (previous >> (8 - contextBits));
  const coder = literals + 2 * (literalCoder * context);
  if (state < 7) {
    state = state < 4 ? 0 : state - 3;
    return bits(coder, 8);
  }
  state = state < 10 ? state - 3 : state - 6;
  // A match came before, so there is a byte at that distance.
  return bitsLike(coder, load<u8>(o - rep0 - 1));
}

/** Reads a match: its distance, less one, into `rep0`, and its length, which is returned. */
function match(positionState: u32): u32 {
  const afterLiteral = state < 7;
  if (bit(isRep + (state << 1)) == 0) {
    rep3 = rep2;
    rep2 = rep1;
    rep1 = rep0;
    state = afterLiteral ? 7 : 10;
    const length = lengthOf(matchLength, positionState);
    rep0 = distanceOf(length);
    return length;
  }
  if (bit(isRepG0 + (state << 1)) == 0) {
    if (bit(isRep0Long + (((state << 4) + positionState) << 1)) == 0) {
      state = afterLiteral ? 9 : 11;
      return 1;
    }
  } else {
    let distance = rep1;
    if (bit(isRepG1 + (state << 1)) != 0) {
      if (bit(isRepG2 + (state << 1)) == 0) {
        distance = rep2;
      } else {
        distance = rep3;
        rep3 = rep2;
      }
      rep2 = rep1;
    }
    rep1 = rep0;
    rep0 = distance;
  }
  state = afterLiteral ? 8 : 11;
  return lengthOf(repLength, positionState);
}

function lengthOf(coder: u32, positionState: u32): u32 {
  if (bit(coder) == 0) return shortestMatch + bits(coder + 2 * (2 + (positionState << 3)), 3);
  if (bit(coder + 2) == 0) return shortestMatch + 8 + bits(coder + 2 * (130 + (positionState << 3)), 3);
  return shortestMatch + 16 + bits(coder + 2 * 258, 8);
}

/** The distance of a match, less one. */
function distanceOf(length: u32): u32 {
  const lengthState = min(length - shortestMatch, 3);
  const slot = bits(positionSlots + 2 * (lengthState << 6), 6);
  if (slot < 4) return slot;
  const footerBits = (slot >> 1) - 1;
  const base = (2 | (slot & 1)) << footerBits;
  if (slot < 14) return base + reversedBits(positions + 2 * (base - slot), footerBits);
  return base + (directBits(footerBits - 4) << 4) + reversedBits(alignment, 4);
}

/** Writes `length` bytes that repeat those `distance` before; up to 8 more may become anything. */
function repeat(distance: u32, target: u32, length: u32): void {
  if (distance >= 8) {
    for (let i: u32 = 0; i < length; i += 8) store<u64>(target + i, load<u64>(target + i - distance));
  } else {
    for (let i: u32 = 0; i < length; i++) store<u8>(target + i, load<u8>(target + i - distance));
  }
}

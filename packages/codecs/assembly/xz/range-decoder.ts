/** The arithmetic decoder of LZMA: bits whose probability adapts, and bits that are as likely as not. */

const top: u32 = 1 << 24;
const probabilityBits: u32 = 11;
const certain: u32 = 1 << probabilityBits;
/** How slowly a probability follows what was seen. */
const inertia: u32 = 5;

export const evenOdds: u16 = <u16>(certain >> 1);

let range: u32 = 0;
let code: u32 = 0;
let at: u32 = 0;

/** Begins at five bytes, the first of which is zero. Returns whether it is. */
export function beginRange(start: u32): bool {
  range = 0xffffffff;
  code = bswap(load<u32>(start + 1));
  at = start + 5;
  return load<u8>(start) == 0;
}

/** Where the next byte is read. What is read behind the input means nothing. */
export function rangeAt(): u32 {
  return at;
}

/** Whether everything up to `end` was used, and nothing is left over. */
export function rangeEndsAt(end: u32): bool {
  if (range < top) {
    range <<= 8;
    code = (code << 8) | load<u8>(at++);
  }
  return at == end && code == 0;
}

/** One bit, with the probability at that address. */
export function bit(probability: u32): u32 {
  let r = range;
  let c = code;
  if (r < top) {
    r <<= 8;
    c = (c << 8) | load<u8>(at++);
  }
  const zero: u32 = load<u16>(probability);
  const bound = (r >> probabilityBits) * zero;
  if (c < bound) {
    store<u16>(probability, <u16>(zero + ((certain - zero) >> inertia)));
    range = bound;
    code = c;
    return 0;
  }
  store<u16>(probability, <u16>(zero - (zero >> inertia)));
  range = r - bound;
  code = c - bound;
  return 1;
}

/** `count` bits, the highest first, each with a probability that depends on those before it. */
export function bits(tree: u32, count: u32): u32 {
  let r = range;
  let c = code;
  let i = at;
  const limit: u32 = 1 << count;
  let symbol: u32 = 1;
  do {
    if (r < top) {
      r <<= 8;
      c = (c << 8) | load<u8>(i++);
    }
    const probability = tree + (symbol << 1);
    const zero: u32 = load<u16>(probability);
    const bound = (r >> probabilityBits) * zero;
    symbol <<= 1;
    if (c < bound) {
      store<u16>(probability, <u16>(zero + ((certain - zero) >> inertia)));
      r = bound;
    } else {
      store<u16>(probability, <u16>(zero - (zero >> inertia)));
      r -= bound;
      c -= bound;
      symbol++;
    }
  } while (symbol < limit);
  range = r;
  code = c;
  at = i;
  return symbol - limit;
}

/** The same, the lowest bit first. */
export function reversedBits(tree: u32, count: u32): u32 {
  let symbol: u32 = 1;
  let value: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const one = bit(tree + (symbol << 1));
    symbol = (symbol << 1) | one;
    value |= one << i;
  }
  return value;
}

/** Eight bits like {@link bits}, which also depend on those of another byte, as long as they agree. */
export function bitsLike(tree: u32, other: u32): u32 {
  let r = range;
  let c = code;
  let i = at;
  let symbol: u32 = 1;
  let offset: u32 = 0x100;
  let expected = other;
  do {
    if (r < top) {
      r <<= 8;
      c = (c << 8) | load<u8>(i++);
    }
    expected <<= 1;
    const expectedBit = expected & offset;
    const probability = tree + ((offset + expectedBit + symbol) << 1);
    const zero: u32 = load<u16>(probability);
    const bound = (r >> probabilityBits) * zero;
    symbol <<= 1;
    if (c < bound) {
      store<u16>(probability, <u16>(zero + ((certain - zero) >> inertia)));
      r = bound;
      offset &= ~expectedBit;
    } else {
      store<u16>(probability, <u16>(zero - (zero >> inertia)));
      r -= bound;
      c -= bound;
      symbol++;
      offset &= expectedBit;
    }
  } while (symbol < 0x100);
  range = r;
  code = c;
  at = i;
  return symbol & 0xff;
}

/** `count` bits that are as likely as not. */
export function directBits(count: u32): u32 {
  let value: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (range < top) {
      range <<= 8;
      code = (code << 8) | load<u8>(at++);
    }
    range >>= 1;
    const one: u32 = code >= range ? 1 : 0;
    if (one) code -= range;
    value = (value << 1) | one;
  }
  return value;
}

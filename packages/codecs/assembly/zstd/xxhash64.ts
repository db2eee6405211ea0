// XXH64 with seed 0, the checksum of the zstd frame format, of one content at a time.

const prime1: u64 = ((<u64>0x9e3779b1) << 32) | 0x85ebca87;
const prime2: u64 = ((<u64>0xc2b2ae3d) << 32) | 0x27d4eb4f;
const prime3: u64 = ((<u64>0x165667b1) << 32) | 0x9e3779f9;
const prime4: u64 = ((<u64>0x85ebca77) << 32) | 0xc2b2ae63;
const prime5: u64 = ((<u64>0x27d4eb2f) << 32) | 0x165667c5;

/** Where the beginning of a stripe of 32 bytes is kept until it is whole. */
const begun: u32 = 512;
const stripe: u32 = 32;

/** Lanes, each of which takes every fourth word of the input. */
let lane1: u64 = 0;
let lane2: u64 = 0;
let lane3: u64 = 0;
let lane4: u64 = 0;
let begunLength: u32 = 0;
let length: u64 = 0;

export function hashReset(): void {
  lane1 = prime1 + prime2;
  lane2 = prime2;
  lane3 = 0;
  lane4 = 0 - prime1;
  begunLength = 0;
  length = 0;
}

export function hashUpdate(start: u32, end: u32): void {
  let i = start;
  length += end - start;
  if (begunLength > 0) {
    const added = min(stripe - begunLength, end - start);
    memory.copy(begun + begunLength, i, added);
    begunLength += added;
    i += added;
    if (begunLength < stripe) return;
    mix(begun, begun + stripe);
  }
  const stripesEnd = i + ((end - i) & ~(stripe - 1));
  mix(i, stripesEnd);
  begunLength = end - stripesEnd;
  memory.copy(begun, stripesEnd, begunLength);
}

function mix(start: u32, end: u32): void {
  let a = lane1;
  let b = lane2;
  let c = lane3;
  let d = lane4;
  for (let i = start; i < end; i += stripe) {
    a = round(a, load<u64>(i));
    b = round(b, load<u64>(i, 8));
    c = round(c, load<u64>(i, 16));
    d = round(d, load<u64>(i, 24));
  }
  lane1 = a;
  lane2 = b;
  lane3 = c;
  lane4 = d;
}

function round(lane: u64, word: u64): u64 {
  return rotl(lane + word * prime2, 31) * prime1;
}

function merge(hash: u64, lane: u64): u64 {
  return (hash ^ round(0, lane)) * prime1 + prime4;
}

/** The lower half of the hash, which is what a frame stores. */
export function hashDigest(): u32 {
  let hash = prime5;
  if (length >= stripe) {
    hash = rotl(lane1, 1) + rotl(lane2, 7) + rotl(lane3, 12) + rotl(lane4, 18);
    hash = merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
  }
  hash += length;
  const end = begun + begunLength;
  let i = begun;
  for (; i + 8 <= end; i += 8) hash = rotl(hash ^ round(0, load<u64>(i)), 27) * prime1 + prime4;
  if (i + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(i) * prime1), 23) * prime2 + prime3;
    i += 4;
  }
  for (; i < end; i++) hash = rotl(hash ^ (<u64>load<u8>(i) * prime5), 11) * prime1;
  hash = (hash ^ (hash >> 33)) * prime2;
  hash = (hash ^ (hash >> 29)) * prime3;
  return <u32>(hash ^ (hash >> 32));
}

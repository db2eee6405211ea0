// XXH32, the checksum of the LZ4 frame format. A state of `hashStateBytes` lies where the caller
// wants it:
//
//   0  four lanes, each of which takes every fourth word of the input
//  16  the beginning of a stripe of 16 bytes that is not yet whole
//  32  length of that beginning
//  36  length of the whole input, modulo 2³²
//  40  whether there was a whole stripe

const prime1: u32 = 0x9e3779b1;
const prime2: u32 = 0x85ebca77;
const prime3: u32 = 0xc2b2ae3d;
const prime4: u32 = 0x27d4eb2f;
const prime5: u32 = 0x165667b1;

export function hashReset(state: u32): void {
  store<u32>(state, prime1 + prime2);
  store<u32>(state, prime2, 4);
  store<u32>(state, 0, 8);
  store<u32>(state, 0 - prime1, 12);
  memory.fill(state + 16, 0, 28);
}

export function hashUpdate(state: u32, start: u32, end: u32): void {
  let i = start;
  let begun = load<u32>(state, 32);
  store<u32>(state, load<u32>(state, 36) + (end - start), 36);
  if (begun > 0) {
    const added = min(16 - begun, end - start);
    memory.copy(state + 16 + begun, i, added);
    begun += added;
    i += added;
    store<u32>(state, begun, 32);
    if (begun < 16) return;
    mix(state, state + 16, state + 32);
  }
  const stripesEnd = i + ((end - i) & ~15);
  if (stripesEnd > i) mix(state, i, stripesEnd);
  memory.copy(state + 16, stripesEnd, end - stripesEnd);
  store<u32>(state, end - stripesEnd, 32);
}

function mix(state: u32, start: u32, end: u32): void {
  const second = i32x4.splat(prime2);
  const first = i32x4.splat(prime1);
  let lanes = v128.load(state);
  for (let i = start; i < end; i += 16) {
    lanes = i32x4.add(lanes, i32x4.mul(v128.load(i), second));
    lanes = v128.or(i32x4.shl(lanes, 13), i32x4.shr_u(lanes, 19));
    lanes = i32x4.mul(lanes, first);
  }
  v128.store(state, lanes);
  store<u32>(state, 1, 40);
}

export function hashDigest(state: u32): u32 {
  const third = load<u32>(state, 8);
  let hash = third + prime5;
  if (load<u32>(state, 40)) {
    hash = rotl(load<u32>(state), 1) + rotl(load<u32>(state, 4), 7);
    hash += rotl(third, 12) + rotl(load<u32>(state, 12), 18);
  }
  hash += load<u32>(state, 36);
  const end = state + 16 + load<u32>(state, 32);
  let i = state + 16;
  for (; i + 4 <= end; i += 4) hash = rotl(hash + load<u32>(i) * prime3, 17) * prime4;
  for (; i < end; i++) hash = rotl(hash + <u32>load<u8>(i) * prime5, 11) * prime1;
  hash = (hash ^ (hash >> 15)) * prime2;
  hash = (hash ^ (hash >> 13)) * prime3;
  return hash ^ (hash >> 16);
}

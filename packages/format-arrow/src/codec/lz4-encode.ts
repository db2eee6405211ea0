import { xxh32 } from './xxh32.ts';

/** Blocks of 1 MiB that refer only to themselves. */
const blockBytes = 1024 * 1024;
const blockCode = 6;
const flag = 0x40 | 0x20;
const stored = 0x8000_0000;
const hashBits = 14;
/** References go back at most so far. */
const window = 65_535;
/** The last bytes are literals, and no match begins among the last twelve. */
const lastLiterals = 5;
const lastMatch = 12;

/** One frame. */
export function encodeLz4Frame(bytes: Uint8Array): Buffer {
  const blocks = Math.ceil(bytes.length / blockBytes);
  const out = Buffer.allocUnsafe(16 + blocks * 4 + bytes.length + Math.ceil(bytes.length / 255) + 64);
  out.writeUInt32LE(0x184d2204, 0);
  out[4] = flag;
  out[5] = blockCode << 4;
  out[6] = (xxh32(out.subarray(4, 6)) >>> 8) & 0xff;
  const table = new Int32Array(1 << hashBits);
  let end = 7;
  for (let from = 0; from < bytes.length; from += blockBytes) {
    const block = bytes.subarray(from, from + blockBytes);
    const at = end + 4;
    let size = encodeBlock(block, out, at, table) - at;
    if (size < block.length) out.writeUInt32LE(size, end);
    else {
      size = block.length;
      out.set(block, at);
      out.writeUInt32LE(stored + size, end);
    }
    end = at + size;
  }
  out.writeUInt32LE(0, end);
  return out.subarray(0, end + 4);
}

/** Gives the end. */
function encodeBlock(block: Uint8Array, out: Buffer, start: number, table: Int32Array): number {
  const input = Buffer.from(block.buffer, block.byteOffset, block.length);
  table.fill(-1);
  let o = start;
  let literal = 0;
  const lastStart = input.length - lastMatch;
  const mostEnd = input.length - lastLiterals;
  for (let at = 0; at < lastStart;) {
    const word = input.readInt32LE(at);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
    const candidate = table[hash]!;
    table[hash] = at;
    if (candidate < 0 || at - candidate > window || input.readInt32LE(candidate) !== word) {
      // What does not repeat is passed ever faster.
      at += 1 + ((at - literal) >> 6);
      continue;
    }
    let size = 4;
    while (at + size < mostEnd && input[candidate + size] === input[at + size]) size++;
    o = putSequence(input, literal, at, size, out, o);
    o = out.writeUInt16LE(at - candidate, o);
    if (size - 4 >= 15) o = putLength(size - 4 - 15, out, o);
    at += size;
    literal = at;
  }
  return putSequence(input, literal, input.length, 4, out, o);
}

/** The token, and the literals from `literal` to `at` in front of a match of so many bytes. */
function putSequence(
  input: Buffer,
  literal: number,
  at: number,
  match: number,
  out: Buffer,
  start: number,
): number {
  const literals = at - literal;
  let o = start;
  out[o++] = (Math.min(literals, 15) << 4) | Math.min(match - 4, 15);
  if (literals >= 15) o = putLength(literals - 15, out, o);
  return o + input.copy(out, o, literal, at);
}

function putLength(length: number, out: Buffer, start: number): number {
  let o = start;
  let rest = length;
  for (; rest >= 255; rest -= 255) out[o++] = 255;
  out[o++] = rest;
  return o;
}

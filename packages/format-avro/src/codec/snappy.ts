import { FormatError } from '@x/formats';

import { corrupt, format } from '../errors.ts';

// The raw format, as https://github.com/google/snappy/blob/main/format_description.txt has it.

const hashBits = 14;
/** References go back at most so far here, which is what two bytes hold. */
const window = 65_535;

/** @throws {FormatError} CORRUPT or LIMIT */
export function decompressSnappy(bytes: Uint8Array, maxBytes: number): Buffer {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) throw corrupt('a snappy block has no length');
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  // No element makes more than 64 bytes of two.
  if (length > bytes.length * 32 + 64) throw corrupt('a snappy block is longer than its bytes can say');
  if (length > maxBytes) {
    throw new FormatError('LIMIT', `a block has ${length} bytes when it is decompressed`, {
      format,
      hint: 'raise maxBlockBytes if the file is to be trusted',
    });
  }
  const out = Buffer.allocUnsafe(length);
  let end = 0;
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    let size = (tag >> 2) + 1;
    if ((tag & 3) === 0) {
      if (size > 60) {
        const width = size - 60;
        size = littleEndian(bytes, at, width) + 1;
        at += width;
      }
      if (at + size > bytes.length || end + size > length) throw corrupt('a snappy block ends in the middle');
      out.set(bytes.subarray(at, at + size), end);
      at += size;
    } else {
      let offset: number;
      if ((tag & 3) === 1) {
        size = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | (bytes[at] ?? 0);
        at++;
      } else {
        const width = (tag & 3) === 2 ? 2 : 4;
        offset = littleEndian(bytes, at, width);
        at += width;
      }
      if (offset === 0 || offset > end || end + size > length)
        throw corrupt('a snappy block refers to nothing');
      if (offset >= size) out.copyWithin(end, end - offset, end - offset + size);
      else for (let i = 0; i < size; i++) out[end + i] = out[end + i - offset]!;
    }
    end += size;
  }
  if (end !== length) throw corrupt('a snappy block is shorter than it says');
  return out;
}

function littleEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

export function compressSnappy(bytes: Uint8Array): Buffer {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const out = Buffer.allocUnsafe(32 + bytes.length + Math.ceil(bytes.length / 6));
  let o = 0;
  for (let rest = bytes.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      out[o++] = rest;
      break;
    }
    out[o++] = (rest & 0x7f) | 0x80;
  }
  const table = new Int32Array(1 << hashBits).fill(-1);
  const last = bytes.length - 4;
  let literal = 0;
  for (let at = 0; at <= last;) {
    const word = input.readInt32LE(at);
    const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
    const candidate = table[hash]!;
    table[hash] = at;
    if (candidate < 0 || at - candidate > window || input.readInt32LE(candidate) !== word) {
      // What does not repeat is passed ever faster.
      at += 1 + ((at - literal) >> 5);
      continue;
    }
    let size = 4;
    while (at + size < input.length && input[candidate + size] === input[at + size]) size++;
    o = putLiteral(input, literal, at, out, o);
    for (let left = size; left > 0;) {
      const part = Math.min(left, 64);
      out[o++] = ((part - 1) << 2) | 2;
      o = out.writeUInt16LE(at - candidate, o);
      left -= part;
    }
    at += size;
    literal = at;
  }
  return out.subarray(0, putLiteral(input, literal, input.length, out, o));
}

function putLiteral(input: Buffer, from: number, to: number, out: Buffer, at: number): number {
  const size = to - from;
  if (size === 0) return at;
  let o = at;
  if (size <= 60) out[o++] = (size - 1) << 2;
  else {
    const width = size <= 0x100 ? 1 : size <= 0x1_0000 ? 2 : size <= 0x100_0000 ? 3 : 4;
    out[o++] = (59 + width) << 2;
    for (let i = 0; i < width; i++) out[o++] = Math.floor((size - 1) / 256 ** i) & 0xff;
  }
  return o + input.copy(out, o, from, to);
}

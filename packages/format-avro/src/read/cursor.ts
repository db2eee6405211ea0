import { isUtf8 } from 'node:buffer';

import { corrupt } from '../errors.ts';

/** Reads the binary encoding of Avro from a block that is in memory as a whole. */
export class Cursor {
  readonly bytes: Buffer;
  at = 0;
  /** Items without bytes that may still be made of nothing. */
  free = 1_000_000;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw ends();
    return this.bytes[this.at++]!;
  }

  /** A bigint beyond ±(2^53 − 1). */
  long(): number | bigint {
    const { bytes } = this;
    const start = this.at;
    let byte = this.byte();
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let scale = 0x80; scale <= 0x2_0000_0000_0000; scale *= 0x80) {
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      if (value > Number.MAX_SAFE_INTEGER) break;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    // It has more digits than a number: once more, with a bigint.
    let large = 0n;
    this.at = start;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const next = bytes[this.at++];
      if (next === undefined) throw ends();
      large |= BigInt(next & 0x7f) << shift;
      if (next >= 0x80) continue;
      const signed = BigInt.asIntN(64, (BigInt.asUintN(64, large) >> 1n) ^ -(large & 1n));
      const number = Number(signed);
      return Number.isSafeInteger(number) ? number : signed;
    }
    throw corrupt('a number has more than ten bytes');
  }

  /** A number that fits into 32 bits. */
  int(): number {
    const value = this.long();
    if (typeof value === 'bigint' || value > 0x7fff_ffff || value < -0x8000_0000) {
      throw corrupt('an int has more than 32 bits');
    }
    return value;
  }

  /** A length or a place, from 0. */
  length(): number {
    const value = this.long();
    if (typeof value === 'bigint' || value < 0) throw corrupt('a length is negative or absurd');
    return value;
  }

  /** The place of the next `length` bytes, which are passed. */
  pass(length: number): number {
    const { at } = this;
    if (length > this.left) throw ends();
    this.at += length;
    return at;
  }

  text(): string {
    const length = this.length();
    const start = this.pass(length);
    const text = this.bytes.toString('utf8', start, start + length);
    if (text.includes('\ufffd') && !isUtf8(this.bytes.subarray(start, start + length))) {
      throw corrupt('a string is not UTF-8');
    }
    return text;
  }
}

function ends() {
  return corrupt('a block ends in the middle of a value');
}

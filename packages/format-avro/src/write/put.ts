import type { ByteWriter } from '@x/formats/rows';

/** A whole number as Avro has it: zigzag, seven bits a byte. */
export function putLong(out: ByteWriter, value: number | bigint): void {
  // What is beyond would lose its last bit when it is doubled.
  if (typeof value === 'bigint' || Math.abs(value) > 2 ** 51) return putBigLong(out, BigInt(value));
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.byte((rest % 0x80) | 0x80);
  out.byte(rest);
}

function putBigLong(out: ByteWriter, value: bigint): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 0x80n; rest >>= 7n) out.byte(Number(rest & 0x7fn) | 0x80);
  out.byte(Number(rest));
}

export function putBytes(out: ByteWriter, bytes: Uint8Array): void {
  putLong(out, bytes.length);
  out.put(bytes);
}

export function putText(out: ByteWriter, text: string): void {
  // The length comes first, and one byte is enough for it where the text is short.
  if (text.length > 20) {
    putLong(out, Buffer.byteLength(text));
    out.text(text);
    return;
  }
  const at = out.length;
  out.byte(0);
  const length = out.text(text);
  out.bytes[at] = length * 2;
}

/** Two's complement, the largest byte first, in as few bytes as it takes. */
export function bytesOfInteger(value: bigint): Buffer {
  const magnitude = value < 0n ? ~value : value;
  const bits = magnitude === 0n ? 1 : magnitude.toString(2).length + 1;
  const bytes = Math.ceil(bits / 8);
  return Buffer.from(
    BigInt.asUintN(bytes * 8, value)
      .toString(16)
      .padStart(bytes * 2, '0'),
    'hex',
  );
}

import { crc32 } from 'node:zlib';

/** The header of a block (The .xz File Format 1.2, 3.1). */
export interface BlockHeader {
  /** Length of the compressed data, if it is recorded. */
  packedLength: number | undefined;
  /** Length of the content, if it is recorded. */
  length: number | undefined;
  /** Names of the filters, in the order in which the encoder applied them. The last one is always LZMA2. */
  filters: readonly string[];
  /** Bytes that matches reach back at most. */
  dictionarySize: number;
}

const lzma2 = 0x21;

const filterNames: Readonly<Record<number, string>> = {
  0x03: 'Delta',
  0x04: 'x86',
  0x05: 'PowerPC',
  0x06: 'IA-64',
  0x07: 'ARM',
  0x08: 'ARM Thumb',
  0x09: 'SPARC',
  0x0a: 'ARM64',
  0x0b: 'RISC-V',
  [lzma2]: 'LZMA2',
};

/** Length of a header, by its first byte, which is not 0. */
export const blockHeaderLength = (first: number): number => 4 * (first + 1);

export const hasValidCrc = (header: Uint8Array): boolean =>
  new DataView(header.buffer, header.byteOffset).getUint32(header.length - 4, true) ===
  crc32(header.subarray(0, -4));

/** Reads a header. `undefined` for what the format does not define. */
export function readBlockHeader(header: Uint8Array): BlockHeader | undefined {
  const end = header.length - 4;
  const flags = header[1] ?? 0;
  if (flags & 0x3c) return undefined;
  let at = 2;
  const next = (): number | undefined => {
    const number = readNumber(header.subarray(at, end));
    at += number?.bytes ?? 0;
    return number?.value;
  };
  const packedLength = flags & 0x40 ? next() : undefined;
  const length = flags & 0x80 ? next() : undefined;
  if ((flags & 0x40 && !packedLength) || (flags & 0x80 && length === undefined)) return undefined;
  const filters: string[] = [];
  let dictionarySize: number | undefined;
  for (let i = 0; i <= (flags & 3); i++) {
    const id = next();
    const size = next();
    if (id === undefined || size === undefined || at + size > end || dictionarySize !== undefined)
      return undefined;
    filters.push(filterNames[id] ?? `number ${id}`);
    if (id === lzma2) dictionarySize = size === 1 ? readDictionarySize(header[at] ?? 0) : undefined;
    if (id === lzma2 && dictionarySize === undefined) return undefined;
    at += size;
  }
  if (dictionarySize === undefined) dictionarySize = 0;
  if (header.subarray(at, end).some((byte) => byte !== 0)) return undefined;
  return { packedLength, length, filters, dictionarySize };
}

function readDictionarySize(bits: number): number | undefined {
  if (bits > 40) return undefined;
  return bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11);
}

/**
 * A number in groups of seven bits, the lowest first (The .xz File Format 1.2, 1.2). `undefined` where it
 * is not whole, not in its shortest form, or beyond 2⁵³.
 */
export function readNumber(bytes: Uint8Array): { value: number; bytes: number } | undefined {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[i];
    if (byte === undefined || (byte === 0 && i > 0)) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, bytes: i + 1 } : undefined;
  }
  return undefined;
}

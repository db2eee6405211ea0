import type { BitReader } from './bit-reader.ts';
import { HuffmanTable, lengthsAreValid, longestCode } from './huffman-table.ts';

/** A header has less than this many bytes. */
export const headerBytes = 24 * 1024;

export const mostSelectors = 18_002;

export interface BlockHeader {
  crc: number;
  /** Where the sorted block has its first byte. */
  origin: number;
  /** The bytes that occur, in order: what the move-to-front list begins with. */
  used: Uint8Array;
  /** The code of every group of fifty symbols. */
  selectors: Uint8Array;
  tables: HuffmanTable[];
}

/** Reads what a block has before its symbols. Returns, as a string, what is wrong with it. */
export function readBlockHeader(reader: BitReader): BlockHeader | string {
  const crc = reader.read32();
  if (reader.read(1) === 1) return 'the block is randomised, as only bzip2 before 0.9.5 did';
  const origin = reader.read(24);
  const used = readUsed(reader);
  if (used.length === 0) return 'no byte is said to occur in a block';
  const tableCount = reader.read(3);
  if (tableCount < 2 || tableCount > 6) return `a block has ${tableCount} Huffman codes`;
  const selectors = readSelectors(reader, tableCount);
  if (typeof selectors === 'string') return selectors;
  const tables: HuffmanTable[] = [];
  for (let i = 0; i < tableCount; i++) {
    const lengths = readLengths(reader, used.length + 2);
    if (lengths === undefined || !lengthsAreValid(lengths)) return 'the lengths of a Huffman code cannot be';
    tables.push(new HuffmanTable(lengths));
  }
  return { crc, origin, used, selectors, tables };
}

/** Sixteen ranges of sixteen bytes, of which only those are spelt out that have any. */
function readUsed(reader: BitReader): Uint8Array {
  const ranges = reader.read(16);
  const used: number[] = [];
  for (let range = 0; range < 16; range++) {
    if (!(ranges & (0x8000 >> range))) continue;
    const members = reader.read(16);
    for (let member = 0; member < 16; member++)
      if (members & (0x8000 >> member)) used.push(16 * range + member);
  }
  return Uint8Array.from(used);
}

function readSelectors(reader: BitReader, tableCount: number): Uint8Array | string {
  const count = reader.read(15);
  if (count === 0) return 'a block has no selectors';
  const order = Uint8Array.from({ length: tableCount }, (_, i) => i);
  const selectors = new Uint8Array(Math.min(count, mostSelectors));
  for (let i = 0; i < count; i++) {
    let place = 0;
    while (reader.read(1) === 1)
      if (++place >= tableCount) return 'a selector names a Huffman code that is not there';
    const selected = order[place]!;
    for (; place > 0; place--) order[place] = order[place - 1]!;
    order[0] = selected;
    // Some encoders write more than can be used; bzip2 1.0.8 reads past them, and so do we.
    if (i < mostSelectors) selectors[i] = selected;
  }
  return selectors;
}

/** Every length is told by its difference from the one before. */
function readLengths(reader: BitReader, count: number): Uint8Array | undefined {
  const lengths = new Uint8Array(count);
  let length = reader.read(5);
  for (let symbol = 0; symbol < count; symbol++) {
    for (;;) {
      if (length < 1 || length > longestCode) return undefined;
      if (reader.read(1) === 0) break;
      length += reader.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

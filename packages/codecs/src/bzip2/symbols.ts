import type { BitReader } from './bit-reader.ts';
import type { BlockHeader } from './block-header.ts';
import { longestCode, shortBits, type HuffmanTable } from './huffman-table.ts';

/** Symbols that share a Huffman code, and the bytes that they can take. */
const groupSize = 50;
export const groupBytes = Math.ceil((groupSize * longestCode) / 8) + 8;

export type SymbolsState = 'more' | 'end' | 'corrupt';

/**
 * Undoes the Huffman code, the run lengths of zeros and the move-to-front of one block. Goes as far
 * as the reader's bytes reach, a group of symbols at a time.
 */
export class SymbolDecoder {
  /** Length of the block so far. */
  length = 0;
  readonly #target: Uint32Array;
  readonly #header: BlockHeader;
  /** The bytes in the order of their last use. */
  readonly #recent: Uint8Array;
  #group = 0;
  /** The run of the most recent byte: its length so far, and what its next digit counts. */
  #run = 0;
  #digit = 1;

  /** @param target Takes the block, a byte in the lowest bits of every word. */
  constructor(header: BlockHeader, target: Uint32Array) {
    this.#header = header;
    this.#target = target;
    this.#recent = new Uint8Array(256);
    this.#recent.set(header.used);
  }

  decode(reader: BitReader): SymbolsState {
    const { selectors, tables } = this.#header;
    while (reader.has(groupBytes)) {
      const selector = selectors[this.#group++];
      if (selector === undefined) return 'corrupt';
      const state = this.#decodeGroup(reader, tables[selector]!);
      if (state !== 'more') return state;
      if (reader.endsWithin(0)) return 'corrupt';
    }
    return 'more';
  }

  #decodeGroup(reader: BitReader, table: HuffmanTable): SymbolsState {
    const { short, limits, offsets, symbols } = table;
    const { bytes } = reader;
    const target = this.#target;
    const recent = this.#recent;
    const endOfBlock = this.#header.used.length + 1;
    let { position, word, bits } = reader;
    let length = this.length;
    let run = this.#run;
    let digit = this.#digit;
    let state: SymbolsState = 'more';

    for (let i = 0; i < groupSize; i++) {
      while (bits < longestCode) {
        word = (word << 8) | bytes[position++]!;
        bits += 8;
      }
      const entry = short[(word >>> (bits - shortBits)) & ((1 << shortBits) - 1)]!;
      let symbol: number;
      if (entry !== 0) {
        bits -= entry & 31;
        symbol = entry >>> 5;
      } else {
        let codeLength = shortBits + 1;
        let code = (word >>> (bits - codeLength)) & ((1 << codeLength) - 1);
        while (codeLength <= longestCode && code >= limits[codeLength]!) {
          codeLength++;
          code = (word >>> (bits - codeLength)) & ((1 << codeLength) - 1);
        }
        if (codeLength > longestCode) {
          state = 'corrupt';
          break;
        }
        bits -= codeLength;
        symbol = symbols[code - offsets[codeLength]!]!;
      }

      if (symbol < 2) {
        // The digits of a run are 1 and 2, the lowest first.
        run += digit << symbol;
        digit <<= 1;
        if (run > target.length) {
          state = 'corrupt';
          break;
        }
        continue;
      }
      if (run > 0) {
        if (length + run > target.length) {
          state = 'corrupt';
          break;
        }
        target.fill(recent[0]!, length, length + run);
        length += run;
        run = 0;
        digit = 1;
      }
      if (symbol === endOfBlock) {
        state = 'end';
        break;
      }
      if (length === target.length) {
        state = 'corrupt';
        break;
      }
      const place = symbol - 1;
      const byte = recent[place]!;
      if (place > 24) recent.copyWithin(1, 0, place);
      else for (let at = place; at > 0; at--) recent[at] = recent[at - 1]!;
      recent[0] = byte;
      target[length++] = byte;
    }

    reader.position = position;
    reader.word = word;
    reader.bits = bits;
    this.length = length;
    this.#run = run;
    this.#digit = digit;
    return state;
  }
}

/** The longest code that the format allows, and the longest that is found by one look. */
export const longestCode = 20;
export const shortBits = 10;

/**
 * A canonical Huffman code (as in bzip2: shorter codes first, symbols in order within a length).
 *
 * `short` maps the next ten bits to `symbol << 5 | length`, or to 0 if the code is longer. Longer
 * ones are found by comparing with `limits`: the code of a length ends before `limits[length]`, and
 * its symbol is `symbols[code - offsets[length]]`.
 */
export class HuffmanTable {
  readonly short = new Uint16Array(1 << shortBits);
  readonly limits = new Int32Array(longestCode + 2);
  readonly offsets = new Int32Array(longestCode + 2);
  readonly symbols: Uint16Array;

  /** @param lengths Length of every symbol's code, 1 to 20. */
  constructor(lengths: Uint8Array) {
    const counts = new Uint16Array(longestCode + 1);
    for (const length of lengths) counts[length]!++;
    this.symbols = new Uint16Array(lengths.length);
    let code = 0;
    let index = 0;
    for (let length = 1; length <= longestCode; length++) {
      this.offsets[length] = code - index;
      lengths.forEach((symbolLength, symbol) => {
        if (symbolLength === length) this.#add(symbol, length, code++, index++);
      });
      this.limits[length] = code;
      code <<= 1;
    }
  }

  #add(symbol: number, length: number, code: number, index: number): void {
    this.symbols[index] = symbol;
    if (length > shortBits) return;
    const first = code << (shortBits - length);
    const count = 1 << (shortBits - length);
    // More codes than there is room for would be damage; they are refused before.
    this.short.fill((symbol << 5) | length, first, first + count);
  }
}

/** Whether codes of these lengths exist: no more of them than there is room for. */
export function lengthsAreValid(lengths: Uint8Array): boolean {
  let used = 0;
  for (const length of lengths) used += 2 ** -length;
  return used <= 1;
}

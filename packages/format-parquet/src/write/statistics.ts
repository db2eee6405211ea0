import { type Kernel, Report } from '../kernel/kernel.ts';
import type { WriteLeaf } from './write-schema.ts';
import { binary, boolean, i64, struct, type ThriftField } from '../thrift/compact-writer.ts';

/** Longer texts are cut. */
const mostTextBytes = 64;

type Extreme = bigint | number | Buffer;

/** The least and the greatest value of a column chunk, and how many nulls it has. */
export class Statistics {
  readonly #kernel: Kernel;
  readonly #leaf: WriteLeaf;
  #least: Extreme | undefined;
  #greatest: Extreme | undefined;
  nulls = 0;

  constructor(kernel: Kernel, leaf: WriteLeaf) {
    this.#kernel = kernel;
    this.#leaf = leaf;
  }

  /** Takes values of 8 bytes, or texts by their offsets. */
  add(values: number, bytes: number, count: number): void {
    const { call } = this.#kernel;
    const { physical } = this.#leaf;
    if (count === 0) return;
    if (physical === 'BYTE_ARRAY') call.extremeTexts(values, bytes, count);
    else if (physical === 'DOUBLE') {
      if (call.extremeDoubles(values, count) === 0) return;
    } else call.extremeIntegers(values, 8, count);
    const { words } = this.#kernel;
    const least = this.#valueAt(values, bytes, words[Report.least]!);
    const greatest = this.#valueAt(values, bytes, words[Report.greatest]!);
    if (this.#least === undefined || isLess(least, this.#least)) this.#least = least;
    if (this.#greatest === undefined || isLess(this.#greatest, greatest)) this.#greatest = greatest;
  }

  addBooleans(values: Uint8Array): void {
    if (values.length === 0) return;
    const least = values.includes(0) ? 0 : 1;
    const greatest = values.includes(1) ? 1 : 0;
    if (this.#least === undefined || isLess(least, this.#least)) this.#least = least;
    if (this.#greatest === undefined || isLess(this.#greatest, greatest)) this.#greatest = greatest;
  }

  field(): ThriftField {
    const least = this.#least === undefined ? undefined : this.#spelled(this.#least, false);
    const greatest = this.#greatest === undefined ? undefined : this.#spelled(this.#greatest, true);
    return struct(
      [3, i64(this.nulls)],
      [5, greatest && binary(greatest.bytes)],
      [6, least && binary(least.bytes)],
      [7, greatest && boolean(greatest.isExact)],
      [8, least && boolean(least.isExact)],
    );
  }

  #valueAt(values: number, base: number, index: number): Extreme {
    const { bytes, words } = this.#kernel;
    if (this.#leaf.physical === 'DOUBLE') return bytes.readDoubleLE(values + index * 8);
    if (this.#leaf.physical !== 'BYTE_ARRAY') return bytes.readBigInt64LE(values + index * 8);
    const at = (values >>> 2) + index;
    return Buffer.from(bytes.subarray((base + words[at]!) >>> 0, (base + words[at + 1]!) >>> 0));
  }

  /** In the PLAIN encoding, without the length of a text. */
  #spelled(value: Extreme, isGreatest: boolean): { bytes: Buffer; isExact: boolean } | undefined {
    if (Buffer.isBuffer(value)) {
      if (value.length <= mostTextBytes) return { bytes: value, isExact: true };
      const cut = value.subarray(0, mostTextBytes);
      const bytes = isGreatest ? justAbove(cut, this.#leaf.type.kind !== 'binary') : wholeCharacters(cut);
      return bytes && { bytes, isExact: false };
    }
    const bytes = Buffer.alloc(8);
    if (this.#leaf.physical === 'BOOLEAN') return { bytes: Buffer.of(Number(value)), isExact: true };
    if (typeof value === 'number') {
      // The two zeros are one in this order.
      bytes.writeDoubleLE(value === 0 ? (isGreatest ? 0 : -0) : value);
      return { bytes, isExact: true };
    }
    bytes.writeBigInt64LE(value);
    return { bytes: this.#leaf.physical === 'INT32' ? bytes.subarray(0, 4) : bytes, isExact: true };
  }
}

function isLess(a: Extreme, b: Extreme): boolean {
  return Buffer.isBuffer(a) && Buffer.isBuffer(b) ? Buffer.compare(a, b) < 0 : a < b;
}

/** The text without the part of a character at its end. */
function wholeCharacters(text: Buffer): Buffer {
  let end = text.length;
  while (end > 0 && (text[end - 1]! & 0xc0) === 0x80) end--;
  return text.subarray(0, Math.max(0, end - 1));
}

/** Something that is greater than everything with that beginning. */
function justAbove(cut: Buffer, isText: boolean): Buffer | undefined {
  // Raising the last ASCII character keeps it text.
  const greatest = isText ? 0x7e : 0xfe;
  for (let end = cut.length; end > 0; end--) {
    if (cut[end - 1]! > greatest || (isText && cut[end - 1]! >= 0x80)) continue;
    const above = Buffer.from(cut.subarray(0, end));
    above[end - 1]!++;
    return above;
  }
  return undefined;
}

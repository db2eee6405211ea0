/** So many numbers of a buffer from number `from` on: a view of them where they lie right, else a copy. */
export function numbersAt<Values extends NumberArray>(
  Type: NumberArrayType<Values>,
  bytes: Uint8Array,
  from: number,
  count: number,
): Values {
  const width = Type.BYTES_PER_ELEMENT;
  const start = bytes.byteOffset + from * width;
  if (start % width === 0) return new Type(bytes.buffer as ArrayBuffer, start, count);
  // A Buffer's own slice would be the same bytes again.
  const copy = Uint8Array.prototype.slice.call(bytes, from * width, (from + count) * width);
  return new Type(copy.buffer, copy.byteOffset, count);
}

type NumberArray = ArrayBufferView;

interface NumberArrayType<Values> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Values;
}

/** Integers with a sign, widened to 64 bits. */
export function widened(values: Int32Array | Uint32Array): BigInt64Array<ArrayBuffer> {
  const words = new Int32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    words[i * 2] = values[i]!;
    words[i * 2 + 1] = values[i]! < 0 ? -1 : 0;
  }
  return new BigInt64Array(words.buffer);
}

/** Integers of 64 bits as numbers; those that are none from 0 to `most` are −1. */
export function smallNumbers(values: BigInt64Array, most: number): Float64Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = words[i * 2 + 1]! * 0x1_0000_0000 + (words[i * 2]! >>> 0);
    numbers[i] = value >= 0 && value <= most ? value : -1;
  }
  return numbers;
}

export function isValid(validity: Uint8Array | undefined, index: number): boolean {
  return validity === undefined || ((validity[index >> 3]! >> (index & 7)) & 1) === 1;
}

import type { BytesData, ColumnData, DataType } from '../contract.ts';
import { valuesOf } from './column-values.ts';

/** Values `from` to `to` of a column, without copying them. */
export function sliceOf(data: ColumnData, from: number, to: number): ColumnData {
  if (data.kind === 'values') return { kind: 'values', values: data.values.slice(from, to) };
  const validity = data.validity && bitsOf(data.validity, from, to);
  switch (data.kind) {
    case 'bytes':
      return { ...data, offsets: data.offsets.subarray(from, to + 1), validity };
    case 'dictionary':
      return { ...data, indices: data.indices.subarray(from, to), validity };
    default:
      return { ...data, values: data.values.subarray(from, to), validity } as ColumnData;
  }
}

/** Bits `from` to `to` of a validity, the first of them bit 0. */
export function bitsOf(bits: Uint8Array, from: number, to: number): Uint8Array {
  const shift = from & 7;
  const part = bits.subarray(from >> 3, (to + 7) >> 3);
  if (shift === 0) return part;
  return part.map((byte, i) => (byte >> shift) | ((part[i + 1] ?? 0) << (8 - shift)));
}

/** Columns of a type one behind the other. */
export function joined(parts: readonly ColumnData[], counts: readonly number[], type: DataType): ColumnData {
  const [first] = parts;
  if (first === undefined) return { kind: 'values', values: [] };
  if (parts.length === 1) return first;
  if (parts.some(({ kind }) => kind === 'values')) return joinedValues(parts, counts, type);
  const validity = joinedBits(parts, counts);
  if (first.kind === 'dictionary') {
    const { dictionary } = first;
    if (parts.every((part) => part.kind === 'dictionary' && part.dictionary === dictionary)) {
      const indices = parts.map((part) => (part as typeof first).indices);
      return { kind: 'dictionary', dictionary, indices: concat(indices, Uint32Array), validity };
    }
  }
  switch (first.kind) {
    case 'bytes':
    case 'dictionary':
      return { ...joinedBytes(parts.map(bytesOf)), validity };
    case 'int32':
    case 'int64': {
      // Unsigned 32-bit integers have 64 bits only where they need them.
      const isWide = parts.some(({ kind }) => kind === 'int64');
      if (!isWide)
        return { kind: 'int32', values: concat(parts.map(valuesIn<Int32Array>), Int32Array), validity };
      const wide = parts.map((part) =>
        part.kind === 'int32' ? BigInt64Array.from(part.values, BigInt) : valuesIn<BigInt64Array>(part),
      );
      return { kind: 'int64', values: concat(wide, BigInt64Array), validity };
    }
    case 'float64':
      return { kind: 'float64', values: concat(parts.map(valuesIn<Float64Array>), Float64Array), validity };
    case 'boolean':
      return { kind: 'boolean', values: concat(parts.map(valuesIn<Uint8Array>), Uint8Array), validity };
    case 'values':
      return joinedValues(parts, counts, type);
  }
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- whoever calls knows the kind
function valuesIn<Values>(part: ColumnData): Values {
  return (part as unknown as { values: Values }).values;
}

interface Concatenable<Values> {
  readonly length: number;
  set(values: Values, at: number): void;
}

function concat<Values extends Concatenable<Values>>(
  parts: readonly Values[],
  Type: new (length: number) => Values,
): Values {
  const all = new Type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function joinedBits(parts: readonly ColumnData[], counts: readonly number[]): Uint8Array | undefined {
  if (parts.every((part) => part.kind === 'values' || part.validity === undefined)) return undefined;
  const bits = new Uint8Array((counts.reduce((sum, count) => sum + count, 0) + 7) >> 3);
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const own = part.kind === 'values' ? undefined : part.validity;
    for (let k = 0; k < counts[i]!; k++, at++) {
      if (own === undefined || (own[k >> 3]! >> (k & 7)) & 1) bits[at >> 3]! |= 1 << (at & 7);
    }
  }
  return bits;
}

/** Values that are more than 64 bits in some parts only. */
function joinedValues(parts: readonly ColumnData[], counts: readonly number[], type: DataType): ColumnData {
  const all = parts.flatMap((part, i) => {
    if (part.kind === 'values') return part.values;
    const valueAt = valuesOf(part, type);
    return Array.from({ length: counts[i]! }, (_, k) => valueAt(k));
  });
  return { kind: 'values', values: all };
}

/** A column of bytes without its dictionary; what is null is empty. */
export function bytesOf(part: ColumnData): BytesData {
  if (part.kind === 'bytes') return part;
  if (part.kind !== 'dictionary') throw new TypeError(`${part.kind} are no bytes`);
  const { indices, dictionary, validity } = part;
  const offsets = new Uint32Array(indices.length + 1);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    const isNull = validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0;
    const length = isNull ? 0 : dictionary.offsets[index + 1]! - dictionary.offsets[index]!;
    offsets[i + 1] = offsets[i]! + length;
  }
  const bytes = new Uint8Array(offsets[indices.length]!);
  for (let i = 0; i < indices.length; i++) {
    const start = dictionary.offsets[indices[i]!]!;
    bytes.set(dictionary.bytes.subarray(start, start + offsets[i + 1]! - offsets[i]!), offsets[i]);
  }
  return { kind: 'bytes', offsets, bytes };
}

function joinedBytes(parts: readonly BytesData[]): BytesData {
  const texts = parts.map(({ offsets, bytes }) => bytes.subarray(offsets[0], offsets.at(-1)));
  const offsets = new Uint32Array(parts.reduce((sum, part) => sum + part.offsets.length - 1, 1));
  let at = 0;
  let end = 0;
  for (const part of parts) {
    const shift = end - part.offsets[0]!;
    for (let i = 1; i < part.offsets.length; i++) offsets[++at] = part.offsets[i]! + shift;
    end = offsets[at]!;
  }
  return { kind: 'bytes', offsets, bytes: concat(texts, Uint8Array) };
}

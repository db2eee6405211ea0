import type { ColumnData, Value } from '@x/formats';
import { decimalText, numberValue } from '@x/formats/columns';

import type { ArrowType } from '../schema/arrow-type.ts';
import { dataTypeOf, isLarge } from '../schema/data-type.ts';
import { type ArrowArray, type Decode, validityOf } from './array.ts';
import { decodeBytes, decodeFixedBytes } from './decode-bytes.ts';
import { decodeDictionary, decodeRuns } from './decode-indexed.ts';
import { decodeList, decodeMap, decodeStruct, decodeUnion } from './decode-nested.ts';
import {
  decodeDates,
  decodeDurations,
  decodeIntervals,
  decodeTimes,
  decodeTimestamps,
} from './decode-time.ts';
import type { Place } from './place.ts';
import { isValid, numbersAt, widened } from './values-at.ts';

/**
 * Values `from` to `to` of an array as a column of the type that its field has; views of the buffers where these have
 * what a column has.
 *
 * @throws {FormatError} CORRUPT, INVALID_TEXT, LIMIT, or UNREPRESENTABLE for what no value is.
 */
export const decode: Decode = (array, from, to, place) => {
  if (array.dictionary !== undefined) return decodeDictionary(array, from, to, place);
  const { type } = array.field;
  switch (type.kind) {
    case 'null':
      place.take((to - from) * 8);
      return { kind: 'values', values: Array.from({ length: to - from }, () => null) };
    case 'bool':
      return decodeBooleans(array, from, to);
    case 'int':
      return decodeIntegers(array, type, from, to);
    case 'float':
      return decodeFloats(array, type.bits, from, to);
    case 'decimal':
      return decodeDecimals(array, type, from, to, place);
    case 'bytes':
      return decodeBytes(array, from, to, place);
    case 'fixed bytes':
      return decodeFixedBytes(array, type.size, from, to, place);
    case 'date':
      return decodeDates(array, type.unit, from, to);
    case 'time':
      return decodeTimes(array, type.unit, from, to, place);
    case 'timestamp':
      return decodeTimestamps(array, type.unit, from, to, place);
    case 'duration':
      return decodeDurations(array, type.unit, from, to);
    case 'interval':
      return decodeIntervals(array, type.unit, from, to);
    case 'list':
    case 'fixed list':
      return decodeList(array, from, to, place, decode);
    case 'struct':
      return decodeStruct(array, from, to, place, decode);
    case 'map':
      return decodeMap(array, from, to, place, decode);
    case 'union':
      return decodeUnion(array, from, to, place, decode);
    case 'runs':
      return decodeRuns(array, from, to, place, decode);
  }
};

function decodeBooleans(array: ArrowArray, from: number, to: number): ColumnData {
  const [bits] = array.buffers;
  const values = new Uint8Array(to - from);
  for (let i = from; i < to; i++) values[i - from] = (bits![i >> 3]! >> (i & 7)) & 1;
  return { kind: 'boolean', values, validity: validityOf(array, from, to) };
}

function decodeIntegers(
  array: ArrowArray,
  { bits, signed }: ArrowType & { kind: 'int' },
  from: number,
  to: number,
): ColumnData {
  const [bytes] = array.buffers;
  const count = to - from;
  const validity = validityOf(array, from, to);
  if (bits === 64) {
    const values = numbersAt(BigInt64Array, bytes!, from, count);
    if (!isLarge(array.field)) return { kind: 'int64', values, validity };
    return {
      kind: 'values',
      values: Array.from(values, (value, i) =>
        isValid(validity, i) ? numberValue(String(BigInt.asUintN(64, value))) : null,
      ),
    };
  }
  if (bits === 32) {
    const values = numbersAt(Int32Array, bytes!, from, count);
    if (signed || values.every((value) => value >= 0)) return { kind: 'int32', values, validity };
    return { kind: 'int64', values: widened(numbersAt(Uint32Array, bytes!, from, count)), validity };
  }
  const Small = bits === 8 ? (signed ? Int8Array : Uint8Array) : signed ? Int16Array : Uint16Array;
  const values = numbersAt<ArrayLike<number> & ArrayBufferView>(Small, bytes!, from, count);
  if (dataTypeOf(array.field).kind !== 'boolean') {
    return { kind: 'int32', values: Int32Array.from(values), validity };
  }
  return { kind: 'boolean', values: Uint8Array.from(values, (value) => Number(value !== 0)), validity };
}

function decodeFloats(array: ArrowArray, bits: 16 | 32 | 64, from: number, to: number): ColumnData {
  const [bytes] = array.buffers;
  const count = to - from;
  const validity = validityOf(array, from, to);
  if (bits === 64) return { kind: 'float64', values: numbersAt(Float64Array, bytes!, from, count), validity };
  const values =
    bits === 32
      ? Float64Array.from(numbersAt(Float32Array, bytes!, from, count))
      : Float64Array.from(numbersAt(Uint16Array, bytes!, from, count), halfOf);
  return { kind: 'float64', values, validity };
}

/** A number of IEEE 754 in 16 bits. */
function halfOf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  let size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  if (exponent === 31) size = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  return bits & 0x8000 ? -size : size;
}

function decodeDecimals(
  array: ArrowArray,
  { bits, scale }: ArrowType & { kind: 'decimal' },
  from: number,
  to: number,
  place: Place,
): ColumnData {
  const [bytes] = array.buffers;
  const count = to - from;
  const validity = validityOf(array, from, to);
  const type = dataTypeOf(array.field);
  const isSmall = type.kind === 'decimal' && (type.precision ?? 0) <= 18 && scale >= 0;
  if (bits === 32 && isSmall) {
    return { kind: 'int64', values: widened(numbersAt(Int32Array, bytes!, from, count)), validity };
  }
  if (bits === 64 && isSmall)
    return { kind: 'int64', values: numbersAt(BigInt64Array, bytes!, from, count), validity };
  if (bits === 128 && isSmall) {
    const words = numbersAt(BigInt64Array, bytes!, from * 2, count * 2);
    const values = new BigInt64Array(count);
    for (let i = 0; i < count; i++) {
      if (!isValid(validity, i)) continue;
      const value = words[i * 2]!;
      if (words[i * 2 + 1] !== value >> 63n)
        throw place.corrupt('a decimal has more digits than its type', from + i);
      values[i] = value;
    }
    return { kind: 'int64', values, validity };
  }
  const width = bits / 8;
  const values: Value[] = [];
  for (let i = from; i < to; i++) {
    const unscaled = isValid(array.validity, i) ? integerAt(bytes!, i * width, width) : undefined;
    values.push(unscaled === undefined ? null : numberValue(decimalText(unscaled, scale)));
  }
  place.take(count * 32);
  if (!isSmall) return { kind: 'values', values };
  throw place.corrupt(`a decimal of ${bits} bits has few digits`, from);
}

/** An integer with a sign, its least significant byte first. */
function integerAt(bytes: Uint8Array, at: number, width: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, width);
  if (width === 4) return BigInt(view.getInt32(0, true));
  let value = view.getBigInt64(width - 8, true);
  for (let part = width - 16; part >= 0; part -= 8) value = (value << 64n) | view.getBigUint64(part, true);
  return value;
}

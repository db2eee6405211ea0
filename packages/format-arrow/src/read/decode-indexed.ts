import type { BytesData, ColumnData } from '@x/formats';

import { type ArrowArray, type Decode, type Dictionary, validityOf } from './array.ts';
import type { Place } from './place.ts';
import { isValid, numbersAt, smallNumbers } from './values-at.ts';

/** Numbers of a dictionary as its values. */
export function decodeDictionary(array: ArrowArray, from: number, to: number, place: Place): ColumnData {
  const { field, dictionary } = array;
  const count = to - from;
  const validity = validityOf(array, from, to);
  const given = indicesOf(field.dictionary!.index, array.buffers[0]!, from, count);
  const indices = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    if (!isValid(validity, i)) continue;
    const index = given[i]!;
    if (index < 0 || index >= dictionary!.count) {
      throw place.corrupt(`a value is number ${index} of a dictionary of ${dictionary!.count}`, from + i);
    }
    indices[i] = index;
  }
  return taken(dictionary!, indices, validity, place);
}

function indicesOf(
  { bits, signed }: { readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean },
  bytes: Uint8Array,
  from: number,
  count: number,
): ArrayLike<number> {
  switch (bits) {
    case 8:
      return numbersAt<ArrayLike<number> & ArrayBufferView>(
        signed ? Int8Array : Uint8Array,
        bytes,
        from,
        count,
      );
    case 16:
      return numbersAt<ArrayLike<number> & ArrayBufferView>(
        signed ? Int16Array : Uint16Array,
        bytes,
        from,
        count,
      );
    case 32:
      return numbersAt<ArrayLike<number> & ArrayBufferView>(
        signed ? Int32Array : Uint32Array,
        bytes,
        from,
        count,
      );
    case 64:
      return smallNumbers(numbersAt(BigInt64Array, bytes, from, count), 0x7fff_ffff);
  }
}

/** Values that are said once for as long as they stay the same. */
export function decodeRuns(
  array: ArrowArray,
  from: number,
  to: number,
  place: Place,
  decode: Decode,
): ColumnData {
  const [ends, values] = array.children;
  const count = to - from;
  if (count === 0) return decode(values!, 0, 0, place.inside());
  const stops = runEnds(ends!);
  const indices = new Uint32Array(count);
  place.take(count * 4);
  let run = runAt(stops, from);
  const first = run;
  for (let i = 0; i < count; i++) {
    while (run < stops.length && stops[run]! <= from + i) {
      if (run > first && stops[run]! <= stops[run - 1]!)
        throw place.corrupt('runs are in no order', from + i);
      run++;
    }
    if (run >= stops.length || run >= values!.length) throw place.corrupt('a value is in no run', from + i);
    indices[i] = run - first;
  }
  const data = decode(values!, first, run + 1, place.inside());
  return taken({ count: run + 1 - first, data }, indices, undefined, place);
}

function runEnds({ field, buffers, length }: ArrowArray): ArrayLike<number> {
  const bits = field.type.kind === 'int' ? field.type.bits : 32;
  return indicesOf({ bits, signed: true }, buffers[0]!, 0, length);
}

/** The first run that ends behind a value. */
function runAt(stops: ArrayLike<number>, value: number): number {
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The values with these numbers. */
function taken(
  { count, data }: Dictionary,
  indices: Uint32Array,
  own: Uint8Array | undefined,
  place: Place,
): ColumnData {
  if (data.kind === 'values') {
    place.take(indices.length * 8);
    const values = Array.from(indices, (index, i) => (isValid(own, i) ? (data.values[index] ?? null) : null));
    return { kind: 'values', values };
  }
  const validity = bothValid(own, data.validity, indices);
  switch (data.kind) {
    case 'bytes':
    case 'dictionary': {
      // Where all is null, there may be nothing to refer to.
      if (count === 0)
        return {
          kind: 'bytes',
          offsets: new Uint32Array(indices.length + 1),
          bytes: new Uint8Array(0),
          validity,
        };
      if (data.kind === 'bytes')
        return { kind: 'dictionary', indices, dictionary: withoutNulls(data), validity };
      const inner = indices.map((index) => data.indices[index]!);
      return { kind: 'dictionary', indices: inner, dictionary: data.dictionary, validity };
    }
    case 'int32':
      return {
        kind: 'int32',
        values: Int32Array.from(indices, (index) => data.values[index] ?? 0),
        validity,
      };
    case 'int64': {
      const values = new BigInt64Array(indices.length);
      for (let i = 0; i < values.length; i++) values[i] = data.values[indices[i]!] ?? 0n;
      return { kind: 'int64', values, validity };
    }
    case 'float64':
      return {
        kind: 'float64',
        values: Float64Array.from(indices, (index) => data.values[index] ?? 0),
        validity,
      };
    case 'boolean':
      return {
        kind: 'boolean',
        values: Uint8Array.from(indices, (index) => data.values[index] ?? 0),
        validity,
      };
  }
}

const dictionaries = new WeakMap<object, BytesData>();

/** The same object for the same column, by which those who know a dictionary tell it. */
function withoutNulls(column: BytesData): BytesData {
  let found = dictionaries.get(column);
  if (found === undefined) {
    found = { kind: 'bytes', offsets: column.offsets, bytes: column.bytes };
    dictionaries.set(column, found);
  }
  return found;
}

/** Whether values and what they refer to are both there. */
function bothValid(
  own: Uint8Array | undefined,
  inner: Uint8Array | undefined,
  indices: Uint32Array,
): Uint8Array | undefined {
  if (inner === undefined) return own;
  const bits = new Uint8Array((indices.length + 7) >> 3);
  for (let i = 0; i < indices.length; i++) {
    if (isValid(own, i) && isValid(inner, indices[i]!)) bits[i >> 3]! |= 1 << (i & 7);
  }
  return bits;
}

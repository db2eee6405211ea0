import type { ColumnData, Value } from '@x/formats';
import { setMember, valuesOf } from '@x/formats/columns';

import { dataTypeOf, isTextMap } from '../schema/data-type.ts';
import type { ArrowArray, Decode } from './array.ts';
import type { Place } from './place.ts';
import { isValid, numbersAt, smallNumbers } from './values-at.ts';

type ValueAt = (index: number) => Value;

/** Bytes that a value of JavaScript takes at least. */
const bytesAValue = 8;

export function decodeList(
  array: ArrowArray,
  from: number,
  to: number,
  place: Place,
  decode: Decode,
): ColumnData {
  const [child] = array.children;
  const ranges = rangesOf(array, from, to, place);
  const { first, last } = span(ranges, array, from, to);
  if (last > child!.length) throw place.corrupt('a list goes beyond its items', from);
  const itemAt = valuesFrom(child!, first, last, place, decode);
  return values(array, from, to, place, (i) => {
    const [start, end] = ranges(i);
    place.take((end - start) * bytesAValue);
    const items: Value[] = [];
    for (let item = start; item < end; item++) items.push(itemAt(item));
    return items;
  });
}

export function decodeStruct(
  array: ArrowArray,
  from: number,
  to: number,
  place: Place,
  decode: Decode,
): ColumnData {
  const members = array.children.map((child) => {
    if (child.length < to) throw place.corrupt('an object has fewer members than the others', from);
    return { name: child.field.name, valueAt: valuesFrom(child, from, to, place, decode) };
  });
  return values(array, from, to, place, (i) => {
    const object: Record<string, Value> = {};
    for (const { name, valueAt } of members) setMember(object, name, valueAt(i));
    return object;
  });
}

export function decodeMap(
  array: ArrowArray,
  from: number,
  to: number,
  place: Place,
  decode: Decode,
): ColumnData {
  const [entries] = array.children;
  const [keys, contents] = entries!.children;
  const ranges = rangesOf(array, from, to, place);
  const { first, last } = span(ranges, array, from, to);
  if (last > keys!.length || last > contents!.length)
    throw place.corrupt('a map goes beyond its entries', from);
  const keyAt = valuesFrom(keys!, first, last, place, decode);
  const valueAt = valuesFrom(contents!, first, last, place, decode);
  const isObject = isTextMap(array.field);
  return values(array, from, to, place, (i) => {
    const [start, end] = ranges(i);
    place.take((end - start) * bytesAValue * 2);
    const list: Value[] = [];
    const object: Record<string, Value> = {};
    for (let entry = start; entry < end; entry++) {
      const key = keyAt(entry);
      const value = valueAt(entry);
      if (!isObject) list.push({ key, value });
      else if (typeof key !== 'string') throw place.corrupt('a map has a key that is null', i);
      else if (Object.hasOwn(object, key)) {
        throw place.error('UNREPRESENTABLE', `a map has the key ${JSON.stringify(key)} twice`, i, {
          hint: 'an object would lose the first: leave the column out with columns',
        });
      } else setMember(object, key, value);
    }
    return isObject ? object : list;
  });
}

export function decodeUnion(
  array: ArrowArray,
  from: number,
  to: number,
  place: Place,
  decode: Decode,
): ColumnData {
  const { type } = array.field;
  if (type.kind !== 'union') throw place.corrupt('this is no union', from);
  const [ids, offsetBytes] = array.buffers;
  const count = to - from;
  const numbers = new Map(array.children.map((_, i) => [type.typeIds[i] ?? i, i]));
  const offsets = type.isDense ? numbersAt(Int32Array, offsetBytes!, from, count) : undefined;
  const childOf = (i: number): number => {
    const child = numbers.get((ids![i]! << 24) >> 24);
    if (child === undefined) throw place.corrupt(`a value is of the type ${ids![i]}, which there is not`, i);
    return child;
  };
  // Of each child, the part that is needed.
  const spans = array.children.map(() => ({ first: Number.POSITIVE_INFINITY, last: 0 }));
  for (let i = from; i < to; i++) {
    const part = spans[childOf(i)]!;
    const at = offsets?.[i - from] ?? i;
    if (at < 0) throw place.corrupt('a value is outside of its buffer', i);
    part.first = Math.min(part.first, at);
    part.last = Math.max(part.last, at + 1);
  }
  const readers = array.children.map((child, i): ValueAt | undefined => {
    const { first, last } = spans[i]!;
    if (last === 0) return undefined;
    if (last > child.length) throw place.corrupt('a value is outside of its buffer', from);
    return valuesFrom(child, first, last, place, decode);
  });
  return values(array, from, to, place, (i) => readers[childOf(i)]!(offsets?.[i - from] ?? i));
}

/** Values made one by one. */
function values(array: ArrowArray, from: number, to: number, place: Place, valueAt: ValueAt): ColumnData {
  const all: Value[] = [];
  place.take((to - from) * bytesAValue);
  for (let i = from; i < to; i++) {
    if (!isValid(array.validity, i)) {
      all.push(null);
      continue;
    }
    try {
      all.push(valueAt(i));
    } catch (error) {
      throw place.placed(error, i);
    }
  }
  return { kind: 'values', values: all };
}

/** Reads values `from` to `to` of a part by their numbers in it. */
function valuesFrom(array: ArrowArray, from: number, to: number, place: Place, decode: Decode): ValueAt {
  const data = decode(array, from, to, place.inside());
  const valueAt = valuesOf(data, dataTypeOf(array.field));
  return (i) => valueAt(i - from) ?? null;
}

type Ranges = (index: number) => readonly [start: number, end: number];

/** Where the items of each list are. */
function rangesOf({ field, buffers }: ArrowArray, from: number, to: number, place: Place): Ranges {
  const { type } = field;
  if (type.kind === 'fixed list') return (i) => [i * type.size, (i + 1) * type.size];
  const width = type.kind === 'list' ? type.width : 32;
  const isView = type.kind === 'list' && type.isView;
  const numbers = (bytes: Uint8Array, count: number): ArrayLike<number> =>
    width === 32
      ? numbersAt(Int32Array, bytes, from, count)
      : smallNumbers(numbersAt(BigInt64Array, bytes, from, count), Number.MAX_SAFE_INTEGER);
  const offsets = numbers(buffers[0]!, to === from ? 0 : to - from + Number(!isView));
  const sizes = isView ? numbers(buffers[1]!, to - from) : undefined;
  return (i) => {
    const start = offsets[i - from]!;
    const end = sizes === undefined ? offsets[i - from + 1]! : start + sizes[i - from]!;
    if (start < 0 || end < start) throw place.corrupt('a list goes beyond its items', i);
    return [start, end];
  };
}

/** From the first item of all the lists to the last. */
function span(ranges: Ranges, { validity }: ArrowArray, from: number, to: number) {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (let i = from; i < to; i++) {
    if (!isValid(validity, i)) continue;
    const [start, end] = ranges(i);
    if (start === end) continue;
    first = Math.min(first, start);
    last = Math.max(last, end);
  }
  return last === 0 ? { first: 0, last: 0 } : { first, last };
}

import { isUtf8 } from 'node:buffer';

import type { ColumnData } from '@x/formats';
import { columnBuilder } from '@x/formats/columns';

import { isUuid } from '../schema/data-type.ts';
import { type ArrowArray, validityOf } from './array.ts';
import type { Place } from './place.ts';
import { isValid, numbersAt, smallNumbers } from './values-at.ts';

type BytesColumn = ColumnData & { kind: 'bytes' };

/** Texts and binary values of any length. */
export function decodeBytes(array: ArrowArray, from: number, to: number, place: Place): BytesColumn {
  const { type } = array.field;
  const isText = type.kind === 'bytes' && type.isText;
  const width = type.kind === 'bytes' ? type.width : 32;
  const column =
    width === 'view' ? fromViews(array, from, to, place) : fromOffsets(array, width, from, to, place);
  if (isText) checkText(column, from, place);
  return column;
}

function fromOffsets(array: ArrowArray, width: 32 | 64, from: number, to: number, place: Place): BytesColumn {
  const [offsetBytes, data] = array.buffers;
  const count = to - from;
  if (count === 0) return { kind: 'bytes', offsets: new Uint32Array(1), bytes: new Uint8Array(0) };
  let bytes = data!;
  let offsets: Uint32Array;
  if (width === 32) offsets = numbersAt(Uint32Array, offsetBytes!, from, count + 1);
  else {
    const wide = smallNumbers(numbersAt(BigInt64Array, offsetBytes!, from, count + 1), data!.length);
    const base = wide[0]!;
    const outside = wide.indexOf(-1);
    if (outside >= 0)
      throw place.corrupt('a value is outside of its buffer', from + Math.max(0, outside - 1));
    bytes = data!.subarray(base);
    offsets = Uint32Array.from(wide, (offset) => Math.max(0, offset - base));
    if (wide.some((offset) => offset < base)) throw place.corrupt('values are in no order', from);
  }
  const validity = validityOf(array, from, to);
  let hasHidden = false;
  for (let i = 0; i < count; i++) {
    const [start, end] = [offsets[i]!, offsets[i + 1]!];
    if (start > end || end > bytes.length) throw place.corrupt('a value is outside of its buffer', from + i);
    if (start < end && validity !== undefined && !isValid(validity, i)) hasHidden = true;
  }
  if (!hasHidden) return { kind: 'bytes', offsets, bytes, validity };
  // Behind a null there may be anything, and nobody is to see it.
  return gathered(count, validity, place, (i) => [bytes, offsets[i]!, offsets[i + 1]!]);
}

/** Short values lie in their view of 16 bytes, longer ones in a buffer that it tells. */
function fromViews(array: ArrowArray, from: number, to: number, place: Place): BytesColumn {
  const [views, ...data] = array.buffers;
  const view = new DataView(views!.buffer, views!.byteOffset, views!.byteLength);
  return gathered(to - from, validityOf(array, from, to), place, (i) => {
    const at = (from + i) * 16;
    const length = view.getInt32(at, true);
    if (length >= 0 && length <= 12) return [views!, at + 4, at + 4 + length];
    const bytes = data[view.getInt32(at + 8, true)];
    const start = view.getInt32(at + 12, true);
    if (bytes === undefined || length < 0 || start < 0 || start + length > bytes.length) {
      throw place.corrupt('a value is outside of its buffer', from + i);
    }
    return [bytes, start, start + length];
  });
}

/** Values copied from where they are, those that are null left empty. */
function gathered(
  count: number,
  validity: Uint8Array | undefined,
  place: Place,
  sliceOf: (index: number) => readonly [bytes: Uint8Array, start: number, end: number],
): BytesColumn {
  const offsets = new Uint32Array(count + 1);
  for (let i = 0, end = 0; i < count; i++) {
    if (isValid(validity, i)) {
      const [, start, stop] = sliceOf(i);
      end += stop - start;
      place.take(stop - start);
    }
    offsets[i + 1] = end;
  }
  const bytes = new Uint8Array(offsets[count]!);
  for (let i = 0; i < count; i++) {
    if (offsets[i] === offsets[i + 1]) continue;
    const [source, start, end] = sliceOf(i);
    bytes.set(source.subarray(start, end), offsets[i]);
  }
  return { kind: 'bytes', offsets, bytes, validity };
}

/** @throws {FormatError} INVALID_TEXT for what is no UTF-8. */
function checkText({ offsets, bytes, validity }: BytesColumn, from: number, place: Place): void {
  const count = offsets.length - 1;
  let isWhole = isUtf8(bytes.subarray(offsets[0], offsets[count]));
  // A character may have been cut in two, by which none of the two parts is text.
  for (let i = 1; i < count && isWhole; i++)
    isWhole = (bytes[offsets[i]!]! & 0xc0) !== 0x80 || offsets[i] === offsets[count];
  if (isWhole) return;
  for (let i = 0; i < count; i++) {
    if (!isValid(validity, i) || isUtf8(bytes.subarray(offsets[i], offsets[i + 1]))) continue;
    throw place.error('INVALID_TEXT', 'a text is not UTF-8', from + i, {
      hint: 'leave the column out with columns, or have it written as binary',
    });
  }
}

/** Binary values that all have the same length. */
export function decodeFixedBytes(
  array: ArrowArray,
  size: number,
  from: number,
  to: number,
  place: Place,
): BytesColumn {
  const [bytes] = array.buffers;
  const count = to - from;
  const validity = validityOf(array, from, to);
  if (isUuid(array.field)) {
    const builder = columnBuilder({ kind: 'string' }, count);
    for (let i = 0; i < count; i++) {
      const at = (from + i) * size;
      const hex = Buffer.from(bytes!.subarray(at, at + size)).toString('hex');
      const text = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      builder.add(isValid(validity, i) ? text : null);
    }
    return builder.build() as BytesColumn;
  }
  if (validity !== undefined || (from + count) * size > 0xffff_ffff) {
    return gathered(count, validity, place, (i) => [bytes!, (from + i) * size, (from + i + 1) * size]);
  }
  const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * size);
  return { kind: 'bytes', offsets, bytes: bytes!.subarray(from * size, to * size), validity };
}

import type { Value } from '@x/formats';
import {
  type ByteCursor,
  dateOfUnits,
  type KeyedRecord,
  memberName,
  objectOf,
  type RecordDecoder,
} from '@x/formats/rows';

import type { ReadPlan } from '../options.ts';

const timestampType = -1;

/** Reads maps, alone or in lists. */
export class MsgpackDecoder implements RecordDecoder {
  readonly #readsExtensions: boolean;
  /** Items of the list that are still to come. */
  #left = 0;

  constructor({ readsExtensions }: ReadPlan) {
    this.#readsExtensions = readsExtensions;
  }

  mayEnd(): boolean {
    return this.#left === 0;
  }

  next(cursor: ByteCursor): KeyedRecord | undefined {
    const first = cursor.peek();
    const isList = (first >= 0x90 && first <= 0x9f) || first === 0xdc || first === 0xdd;
    if (isList && this.#left === 0) {
      cursor.at++;
      this.#left = lengthOf(cursor, first);
      return undefined;
    }
    const isMap = (first >= 0x80 && first <= 0x8f) || first === 0xde || first === 0xdf;
    const { at } = cursor;
    const record = isMap ? this.#members(cursor, cursor.byte()) : undefined;
    if (!isMap) {
      this.#value(cursor);
      cursor.addFlaw('NOT_AN_OBJECT', 'a row is no map', 'rows are maps, or the items of a list of maps', at);
    }
    if (this.#left > 0) this.#left--;
    return record;
  }

  #members(cursor: ByteCursor, first: number): Map<string, Value> {
    const members = new Map<string, Value>();
    cursor.enter();
    for (let left = lengthOf(cursor, first); left > 0; left--) {
      const { at } = cursor;
      const key = this.#value(cursor);
      const name = memberName(cursor, key, members, at);
      members.set(name, this.#value(cursor));
    }
    cursor.leave();
    return members;
  }

  #value(cursor: ByteCursor): Value {
    cursor.countValue();
    const first = cursor.byte();
    if (first < 0x80) return first;
    if (first < 0x90) return objectOf(this.#members(cursor, first));
    if (first < 0xa0) return this.#items(cursor, first);
    if (first < 0xc0) return cursor.text(first & 0x1f);
    if (first >= 0xe0) return first - 0x100;
    return this.#large(cursor, first);
  }

  /** What has its length, or its value, behind the first byte. */
  #large(cursor: ByteCursor, first: number): Value {
    switch (first) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return first === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return cursor.copy(unsigned(cursor, 1 << (first - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(cursor, unsigned(cursor, 1 << (first - 0xc7)));
      case 0xca:
        return cursor.bytes.readFloatBE(cursor.take(4));
      case 0xcb:
        return cursor.bytes.readDoubleBE(cursor.take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return unsigned(cursor, 1 << (first - 0xcc));
      case 0xcf:
        return plain(cursor.bytes.readBigUInt64BE(cursor.take(8)));
      case 0xd0:
        return cursor.bytes.readInt8(cursor.take(1));
      case 0xd1:
        return cursor.bytes.readInt16BE(cursor.take(2));
      case 0xd2:
        return cursor.bytes.readInt32BE(cursor.take(4));
      case 0xd3:
        return plain(cursor.bytes.readBigInt64BE(cursor.take(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(cursor, 1 << (first - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return cursor.text(unsigned(cursor, 1 << (first - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#items(cursor, first);
      case 0xde:
      case 0xdf:
        return objectOf(this.#members(cursor, first));
      default:
        throw cursor.corrupt('no value begins with the byte 0xc1', cursor.at - 1);
    }
  }

  #items(cursor: ByteCursor, first: number): readonly Value[] {
    const items: Value[] = [];
    cursor.enter();
    for (let left = lengthOf(cursor, first); left > 0; left--) items.push(this.#value(cursor));
    cursor.leave();
    return items;
  }

  #extension(cursor: ByteCursor, length: number): Value {
    const { at } = cursor;
    const type = cursor.bytes.readInt8(cursor.take(1));
    if (type === timestampType) return timestamp(cursor, length);
    if (!this.#readsExtensions) {
      const what = `what a value of extension ${type} is is not known`;
      cursor.addFlaw('UNSUPPORTED', what, `read what is in it with extensions: 'bytes'`, at);
    }
    return cursor.copy(length);
  }
}

/** How many items or members there are. */
function lengthOf(cursor: ByteCursor, first: number): number {
  if (first < 0xa0) return first & 0x0f;
  return unsigned(cursor, first === 0xdc || first === 0xde ? 2 : 4);
}

function unsigned(cursor: ByteCursor, length: number): number {
  return cursor.bytes.readUIntBE(cursor.take(length), length);
}

function plain(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function timestamp(cursor: ByteCursor, length: number): Value {
  const start = cursor.take(length);
  const { bytes } = cursor;
  let nanoseconds: number;
  let seconds: bigint;
  if (length === 4) [nanoseconds, seconds] = [0, BigInt(bytes.readUInt32BE(start))];
  else if (length === 8) {
    const both = bytes.readBigUInt64BE(start);
    [nanoseconds, seconds] = [Number(both >> 34n), both & 0x3_ffff_ffffn];
  } else if (length === 12) {
    [nanoseconds, seconds] = [bytes.readUInt32BE(start), bytes.readBigInt64BE(start + 4)];
  } else throw cursor.corrupt(`no timestamp has ${length} bytes`, start);
  if (nanoseconds > 999_999_999)
    throw cursor.corrupt('a timestamp has more nanoseconds than a second', start);
  const date = dateOfUnits(seconds * 1_000_000_000n + BigInt(nanoseconds), 'ns');
  if (date !== undefined) return date;
  cursor.addFlaw(
    'UNSUPPORTED',
    'a timestamp is beyond the year 275760',
    'correct it where it is written',
    start,
  );
  return null;
}

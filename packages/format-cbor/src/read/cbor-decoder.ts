import type { Value } from '@x/formats';
import { type ByteCursor, type KeyedRecord, memberName, objectOf, type RecordDecoder } from '@x/formats/rows';

import type { ReadPlan } from '../options.ts';
import { doubleOfHalf } from './half.ts';
import { tagged } from './tagged.ts';

const mapType = 5;
const listType = 4;
const tagType = 6;
/** Ends what has no length. */
const stop = 0xff;
/** A length that is not said. */
const indefinite = -1;
const selfDescribed = 55_799n;

/** Reads maps, alone or in lists (RFC 8949, chapter 3). */
export class CborDecoder implements RecordDecoder {
  readonly #ignoresUnknownTags: boolean;
  /** Items of the list that are still to come; infinite where its end is marked. */
  #left = 0;

  constructor({ ignoresUnknownTags }: ReadPlan) {
    this.#ignoresUnknownTags = ignoresUnknownTags;
  }

  mayEnd(): boolean {
    return this.#left === 0;
  }

  next(cursor: ByteCursor): KeyedRecord | undefined {
    const first = cursor.peek();
    if (first === stop && this.#left === Infinity) {
      cursor.at++;
      this.#left = 0;
      return undefined;
    }
    const type = first >> 5;
    if (type === tagType && this.#left === 0) {
      const { at } = cursor;
      cursor.at++;
      // It says that this is CBOR, and nothing of the value.
      if (argument(cursor, first) === selfDescribed) return undefined;
      cursor.at = at;
    }
    if (type === listType && this.#left === 0) {
      cursor.at++;
      const length = lengthOf(cursor, first);
      this.#left = length === indefinite ? Infinity : length;
      return undefined;
    }
    const { at } = cursor;
    const record = type === mapType ? this.#members(cursor, cursor.byte()) : undefined;
    if (type !== mapType) {
      this.#value(cursor);
      cursor.addFlaw('NOT_AN_OBJECT', 'a row is no map', 'rows are maps, or the items of a list of maps', at);
    }
    if (this.#left > 0) this.#left--;
    return record;
  }

  #members(cursor: ByteCursor, first: number): Map<string, Value> {
    const members = new Map<string, Value>();
    cursor.enter();
    const length = lengthOf(cursor, first);
    for (let i = 0; length === indefinite ? !this.#stops(cursor) : i < length; i++) {
      const { at } = cursor;
      const key = this.#value(cursor);
      const name = memberName(cursor, key, members, at);
      members.set(name, this.#value(cursor));
    }
    cursor.leave();
    return members;
  }

  #items(cursor: ByteCursor, first: number): readonly Value[] {
    const items: Value[] = [];
    cursor.enter();
    const length = lengthOf(cursor, first);
    for (let i = 0; length === indefinite ? !this.#stops(cursor) : i < length; i++) {
      items.push(this.#value(cursor));
    }
    cursor.leave();
    return items;
  }

  #stops(cursor: ByteCursor): boolean {
    if (cursor.peek() !== stop) return false;
    cursor.at++;
    return true;
  }

  #value(cursor: ByteCursor): Value {
    cursor.countValue();
    const first = cursor.byte();
    switch (first >> 5) {
      case 0:
        return plain(argument(cursor, first));
      case 1:
        return plain(-1n - argument(cursor, first));
      case 2:
        return this.#bytes(cursor, first);
      case 3:
        return this.#text(cursor, first);
      case listType:
        return this.#items(cursor, first);
      case mapType:
        return objectOf(this.#members(cursor, first));
      case tagType:
        return this.#tagged(cursor, first);
      default:
        return this.#simple(cursor, first);
    }
  }

  #bytes(cursor: ByteCursor, first: number): Value {
    const length = lengthOf(cursor, first);
    if (length !== indefinite) return cursor.copy(length);
    const parts: Uint8Array[] = [];
    while (!this.#stops(cursor)) parts.push(cursor.copy(this.#partLength(cursor, first)));
    return Uint8Array.from(Buffer.concat(parts));
  }

  #text(cursor: ByteCursor, first: number): string {
    const length = lengthOf(cursor, first);
    if (length !== indefinite) return cursor.text(length);
    let text = '';
    while (!this.#stops(cursor)) text += cursor.text(this.#partLength(cursor, first));
    return text;
  }

  /** The length of a part of bytes or text that have no length. */
  #partLength(cursor: ByteCursor, whole: number): number {
    cursor.countValue();
    const first = cursor.byte();
    const length = first >> 5 === whole >> 5 ? lengthOf(cursor, first) : indefinite;
    if (length === indefinite) throw cursor.corrupt('a part of a text, or of bytes, is something else');
    return length;
  }

  #tagged(cursor: ByteCursor, first: number): Value {
    const { at } = cursor;
    const tag = argument(cursor, first);
    cursor.enter();
    const value = this.#value(cursor);
    cursor.leave();
    const found = tagged(tag, value);
    if (found === 'unknown') {
      if (!this.#ignoresUnknownTags) {
        const what = `what tag ${tag} makes of a value is not known`;
        cursor.addFlaw('UNSUPPORTED', what, `read the values as they are with unknownTags: 'ignore'`, at - 1);
      }
      return value;
    }
    if (found === undefined) {
      cursor.addFlaw('CORRUPT', `what has tag ${tag} is none`, 'correct it where it is written', at - 1);
      return null;
    }
    return found.value;
  }

  #simple(cursor: ByteCursor, first: number): Value {
    switch (first & 0x1f) {
      case 20:
      case 21:
        return (first & 1) === 1;
      case 22:
        return null;
      case 23:
        return undefined;
      case 25:
        return doubleOfHalf(cursor.bytes.readUInt16BE(cursor.take(2)));
      case 26:
        return cursor.bytes.readFloatBE(cursor.take(4));
      case 27:
        return cursor.bytes.readDoubleBE(cursor.take(8));
      case 31:
        throw cursor.corrupt('a list, a map or a text ends that has not begun', cursor.at - 1);
      default: {
        const { at } = cursor;
        if ((first & 0x1f) > 24) throw reserved(cursor);
        const number = (first & 0x1f) === 24 ? cursor.byte() : first & 0x1f;
        const what = `what the simple value ${number} is is not known`;
        cursor.addFlaw('UNSUPPORTED', what, 'have it written as something else', at - 1);
        return null;
      }
    }
  }
}

/** The number that goes with the first byte (RFC 8949, 3). */
function argument(cursor: ByteCursor, first: number): bigint {
  const low = first & 0x1f;
  if (low < 24) return BigInt(low);
  if (low === 27) return cursor.bytes.readBigUInt64BE(cursor.take(8));
  if (low > 27) throw reserved(cursor);
  const length = 1 << (low - 24);
  return BigInt(cursor.bytes.readUIntBE(cursor.take(length), length));
}

function lengthOf(cursor: ByteCursor, first: number): number {
  if ((first & 0x1f) === 0x1f) return indefinite;
  if ((first & 0x1f) < 24) return first & 0x1f;
  return Number(argument(cursor, first));
}

function reserved(cursor: ByteCursor) {
  return cursor.corrupt('no value begins with such a byte', cursor.at - 1);
}

function plain(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

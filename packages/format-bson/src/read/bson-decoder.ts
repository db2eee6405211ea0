import type { Value } from '@x/formats';
import { type ByteCursor, type KeyedRecord, memberName, objectOf, type RecordDecoder } from '@x/formats/rows';

import { numberOfBits } from '../value/decimal128.ts';

/** The length of a document, and the zero at its end. */
const leastBytes = 5;

/**
 * Reads documents (bsonspec.org, version 1.1). What has no value here is what MongoDB Extended JSON (v2) has for it:
 * `{ $timestamp: { t, i } }`.
 */
export class BsonDecoder implements RecordDecoder {
  /** Where the innermost document ends, with its last byte. */
  #end = 0;

  mayEnd(): boolean {
    return true;
  }

  next(cursor: ByteCursor): KeyedRecord {
    const { at } = cursor;
    const length = cursor.bytes.readInt32LE(cursor.take(4));
    if (length < leastBytes) throw cursor.corrupt(`a document has ${length} bytes`, at);
    // All of it has to be there, so that whatever is missing later is damage.
    cursor.take(length - 4);
    cursor.at = at;
    this.#end = at + length;
    return this.#document(cursor);
  }

  #document(cursor: ByteCursor): Map<string, Value> {
    const members = new Map<string, Value>();
    this.#elements(cursor, (name, value, at) => members.set(memberName(cursor, name, members, at), value));
    return members;
  }

  #list(cursor: ByteCursor): readonly Value[] {
    const items: Value[] = [];
    // Their names are their numbers.
    this.#elements(cursor, (_, value) => items.push(value));
    return items;
  }

  #elements(cursor: ByteCursor, add: (name: string, value: Value, at: number) => void): void {
    const { at } = cursor;
    const outer = this.#end;
    const length = this.#int32(cursor);
    if (length < leastBytes || at + length > outer)
      throw cursor.corrupt(`a document has ${length} bytes`, at);
    cursor.enter();
    this.#end = at + length - 1;
    while (cursor.at < this.#end) {
      const start = cursor.at;
      const type = cursor.byte();
      const name = this.#name(cursor);
      add(name, this.#value(cursor, type), start);
    }
    if (cursor.byte() !== 0) throw cursor.corrupt('a document does not end with a zero', cursor.at - 1);
    this.#end = outer;
    cursor.leave();
  }

  #value(cursor: ByteCursor, type: number): Value {
    cursor.countValue();
    switch (type) {
      case 0x01:
        return cursor.bytes.readDoubleLE(this.#take(cursor, 8));
      case 0x02:
        return this.#text(cursor);
      case 0x03:
        return objectOf(this.#document(cursor));
      case 0x04:
        return this.#list(cursor);
      case 0x05:
        return this.#binary(cursor);
      case 0x06:
        return undefined;
      case 0x07:
        return this.#objectId(cursor);
      case 0x08: {
        const byte = cursor.bytes[this.#take(cursor, 1)]!;
        if (byte > 1) throw cursor.corrupt(`a boolean is ${byte}`, cursor.at - 1);
        return byte === 1;
      }
      case 0x09:
        return this.#moment(cursor);
      case 0x0a:
        return null;
      case 0x10:
        return this.#int32(cursor);
      case 0x12:
        return smaller(cursor.bytes.readBigInt64LE(this.#take(cursor, 8)));
      case 0x13: {
        const at = this.#take(cursor, 16);
        return numberOfBits((cursor.bytes.readBigUInt64LE(at + 8) << 64n) | cursor.bytes.readBigUInt64LE(at));
      }
      default:
        return this.#extended(cursor, type);
    }
  }

  /** What only databases have, as Extended JSON. */
  #extended(cursor: ByteCursor, type: number): Value {
    switch (type) {
      case 0x0b: {
        const pattern = this.#name(cursor);
        return { $regularExpression: { pattern, options: this.#name(cursor) } };
      }
      case 0x0c: {
        const $ref = this.#text(cursor);
        return { $dbPointer: { $ref, $id: { $oid: this.#objectId(cursor) } } };
      }
      case 0x0d:
        return { $code: this.#text(cursor) };
      case 0x0e:
        return { $symbol: this.#text(cursor) };
      case 0x0f: {
        this.#int32(cursor);
        const $code = this.#text(cursor);
        return { $code, $scope: objectOf(this.#document(cursor)) };
      }
      case 0x11: {
        const at = this.#take(cursor, 8);
        return { $timestamp: { t: cursor.bytes.readUInt32LE(at + 4), i: cursor.bytes.readUInt32LE(at) } };
      }
      case 0x7f:
        return { $maxKey: 1 };
      case 0xff:
        return { $minKey: 1 };
      default:
        throw cursor.corrupt(`no element has the type ${type}`);
    }
  }

  #binary(cursor: ByteCursor): Value {
    let length = this.#length(cursor);
    const subtype = cursor.bytes[this.#take(cursor, 1)]!;
    // The old one has its length a second time.
    if (subtype === 2) {
      const inner = this.#length(cursor);
      if (inner !== length - 4) throw cursor.corrupt('two lengths of bytes differ');
      length = inner;
    }
    const start = this.#take(cursor, length);
    const bytes = cursor.bytes.subarray(start, start + length);
    if (subtype !== 4 || length !== 16) return Uint8Array.from(bytes);
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  #objectId(cursor: ByteCursor): string {
    const start = this.#take(cursor, 12);
    return cursor.bytes.toString('hex', start, start + 12);
  }

  #moment(cursor: ByteCursor): Value {
    const start = this.#take(cursor, 8);
    const date = new Date(Number(cursor.bytes.readBigInt64LE(start)));
    if (!Number.isNaN(date.getTime())) return date;
    cursor.addFlaw(
      'UNSUPPORTED',
      'a moment is beyond the year 275760',
      'correct it where it is written',
      start,
    );
    return null;
  }

  #text(cursor: ByteCursor): string {
    const length = this.#length(cursor);
    if (length === 0 || cursor.at + length > this.#end)
      throw cursor.corrupt('a text has no such length', cursor.at - 4);
    const text = cursor.text(length - 1);
    if (cursor.byte() !== 0) throw cursor.corrupt('a text does not end with a zero', cursor.at - 1);
    return text;
  }

  /** A text up to the next zero. */
  #name(cursor: ByteCursor): string {
    const end = cursor.bytes.indexOf(0, cursor.at);
    if (end === -1 || end >= this.#end) throw cursor.corrupt('a name has no end');
    const name = cursor.text(end - cursor.at);
    cursor.at++;
    return name;
  }

  #int32(cursor: ByteCursor): number {
    return cursor.bytes.readInt32LE(this.#take(cursor, 4));
  }

  #length(cursor: ByteCursor): number {
    const length = this.#int32(cursor);
    if (length < 0) throw cursor.corrupt('a length is negative', cursor.at - 4);
    return length;
  }

  /** Passes so many bytes of the innermost document. */
  #take(cursor: ByteCursor, length: number): number {
    if (cursor.at + length > this.#end) throw cursor.corrupt('a value is longer than the document it is in');
    return cursor.take(length);
  }
}

function smaller(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

import { FormatError, type Value } from '@x/formats';
import {
  dateOfUnits,
  dayOf,
  decimalText,
  numberValue,
  parseJson,
  setMember,
  timeText,
} from '@x/formats/rows';

import { corrupt, format } from '../errors.ts';
import type { AvroType, Logical, RecordType } from '../schema/avro-type.ts';
import type { Cursor } from './cursor.ts';

/** Reads a value. */
export type Decode = (cursor: Cursor) => Value;

const deepest = 256;

/** Makes the functions that read types; a type that contains itself gets one. */
export class Decoders {
  readonly #records = new Map<RecordType, Decode>();
  #depth = 0;

  of(type: AvroType): Decode {
    switch (type.kind) {
      case 'null':
        return () => null;
      case 'boolean':
        return (cursor) => cursor.byte() === 1;
      case 'float':
        return (cursor) => cursor.bytes.readFloatLE(cursor.pass(4));
      case 'double':
        return (cursor) => cursor.bytes.readDoubleLE(cursor.pass(8));
      case 'int':
        return type.logical === undefined
          ? (cursor) => cursor.int()
          : logicalInt((cursor) => cursor.int(), type.logical);
      case 'long':
        return type.logical === undefined
          ? (cursor) => cursor.long()
          : logicalInt((cursor) => cursor.long(), type.logical);
      case 'string':
        return type.logical?.name === 'json' ? jsonText : (cursor) => cursor.text();
      case 'bytes':
        return logicalBytes((cursor) => cursor.length(), type.logical);
      case 'fixed':
        return logicalBytes(() => type.size, type.logical);
      case 'enum':
        return (cursor) => {
          const symbol = type.symbols[cursor.length()];
          if (symbol === undefined) throw corrupt('a value is none of its enum');
          return symbol;
        };
      case 'union': {
        const branches = type.branches.map((branch) => this.of(branch));
        return (cursor) => {
          const branch = branches[cursor.length()];
          if (branch === undefined) throw corrupt('a value is none of its union');
          return branch(cursor);
        };
      }
      case 'array':
        return this.#list(this.of(type.items));
      case 'map':
        return this.#map(this.of(type.values));
      case 'record':
        return this.#record(type);
    }
  }

  #list(item: Decode): Decode {
    return (cursor) => {
      const items: Value[] = [];
      for (let count = countOf(cursor); count > 0; count = countOf(cursor)) {
        for (let i = 0; i < count; i++) {
          const { at } = cursor;
          items.push(item(cursor));
          if (cursor.at === at) spend(cursor);
        }
      }
      return items;
    };
  }

  #map(value: Decode): Decode {
    return (cursor) => {
      const object: Record<string, Value> = {};
      for (let count = countOf(cursor); count > 0; count = countOf(cursor)) {
        for (let i = 0; i < count; i++) {
          const key = cursor.text();
          setMember(object, key, value(cursor));
        }
      }
      return object;
    };
  }

  #record(type: RecordType): Decode {
    const known = this.#records.get(type);
    if (known !== undefined) return known;
    const fields: { readonly name: string; readonly decode: Decode }[] = [];
    const decode = (cursor: Cursor): Value => {
      if (++this.#depth > deepest) {
        this.#depth = 0;
        throw new FormatError('LIMIT', `records are inside each other more than ${deepest} times`, {
          format,
        });
      }
      const object: Record<string, Value> = {};
      for (const { name, decode: own } of fields) setMember(object, name, own(cursor));
      this.#depth--;
      return object;
    };
    this.#records.set(type, decode);
    for (const field of type.fields) fields.push({ name: field.name, decode: this.of(field.type) });
    return decode;
  }
}

/** How many items follow; 0 is the end. */
function countOf(cursor: Cursor): number {
  const count = cursor.long();
  if (typeof count === 'bigint') throw corrupt('a list has an absurd number of items');
  if (count >= 0) return count;
  // The number of bytes, for whoever passes them.
  cursor.length();
  return -count;
}

/** Some bytes can say that there are ever so many items without bytes. */
function spend(cursor: Cursor): void {
  if (cursor.free-- > 0) return;
  throw new FormatError('LIMIT', 'a block has more than a million items without bytes', { format });
}

function jsonText(cursor: Cursor): Value {
  const value = parseJson(cursor.text());
  if (value === undefined) throw corrupt('a text of JSON is none');
  return value;
}

function logicalInt(read: (cursor: Cursor) => number | bigint, logical: Logical): Decode {
  switch (logical.name) {
    case 'date':
      return (cursor) => {
        const days = Number(read(cursor));
        return dayOf(days) ?? beyondDates(days, 'days');
      };
    case 'time':
      return (cursor) => {
        const units = BigInt(read(cursor));
        const perDay = logical.unit === 'ms' ? 86_400_000n : 86_400_000_000n;
        if (units < 0n || units >= perDay) throw corrupt('a time of day is not within a day');
        return timeText(units, logical.unit);
      };
    case 'timestamp':
    case 'local-timestamp':
      return (cursor) => {
        const units = read(cursor);
        if (logical.unit === 'ms' && typeof units === 'number' && Math.abs(units) <= 8.64e15)
          return new Date(units);
        return dateOf(BigInt(units), logical.unit);
      };
    default:
      return read;
  }
}

function dateOf(units: bigint, unit: 'ms' | 'us' | 'ns'): Date {
  return dateOfUnits(units, unit) ?? beyondDates(units, unit);
}

function beyondDates(units: number | bigint, unit: string): never {
  throw new FormatError('UNREPRESENTABLE', `${units} ${unit} since 1970 is beyond what a Date can hold`, {
    format,
    hint: 'leave the column out with columns',
  });
}

function logicalBytes(lengthOf: (cursor: Cursor) => number, logical: Logical | undefined): Decode {
  const slice = (cursor: Cursor): Buffer => {
    const length = lengthOf(cursor);
    const start = cursor.pass(length);
    return cursor.bytes.subarray(start, start + length);
  };
  switch (logical?.name) {
    case 'decimal':
      return (cursor) => {
        const bytes = slice(cursor);
        // A long one takes ever longer to be written out.
        if (bytes.length > 1024)
          throw new FormatError('LIMIT', 'a decimal has more than 1024 bytes', { format });
        const unsigned = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
        return numberValue(decimalText(BigInt.asIntN(bytes.length * 8, unsigned), logical.scale));
      };
    case 'uuid':
      return (cursor) =>
        slice(cursor)
          .toString('hex')
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    case 'duration':
      return (cursor) => {
        const bytes = slice(cursor);
        return {
          months: bytes.readUInt32LE(0),
          days: bytes.readUInt32LE(4),
          milliseconds: bytes.readUInt32LE(8),
        };
      };
    default:
      return (cursor) => Uint8Array.from(slice(cursor));
  }
}

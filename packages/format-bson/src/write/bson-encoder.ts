import { type Column, Decimal, FormatError, type Value } from '@x/formats';
import {
  type ByteWriter,
  type CellPlace,
  checkText,
  isList,
  isWallTime,
  membersOf,
  placeOfItem,
  placeOfMember,
  type RecordEncoder,
  textOf,
} from '@x/formats/rows';

import { format } from '../options.ts';
import { bitsOfNumber } from '../value/decimal128.ts';

/** Writes each row as a document. */
export class BsonEncoder implements RecordEncoder {
  begin(): void {
    // Documents that follow each other have nothing in front of them.
  }

  record(out: ByteWriter, columns: readonly Column[], values: readonly Value[], row: number): void {
    document(out, () => {
      for (let i = 0; i < columns.length; i++) {
        const { name, type } = columns[i]!;
        const value = values[i];
        if (value !== undefined) element(out, name, value, { format, row, field: name, type });
      }
    });
  }

  end(): void {
    // Nor behind them.
  }
}

function document(out: ByteWriter, elements: () => void): void {
  const at = out.length;
  out.int32(0);
  elements();
  out.byte(0);
  out.patchInt32(at, out.length - at);
}

function element(out: ByteWriter, key: string, value: Value, place: CellPlace): void {
  const at = out.length;
  out.byte(0);
  checkText(key, () => place);
  if (key.includes('\0')) {
    const hint = 'rename it with rename, or leave it out with columns';
    throw new FormatError('UNREPRESENTABLE', `the name ${JSON.stringify(key)} has a zero`, {
      ...place,
      hint,
    });
  }
  out.text(key);
  out.byte(0);
  // The type stands in front of the name.
  out.patchByte(at, put(out, value, place));
}

/** Writes a value, and gives its type. */
function put(out: ByteWriter, value: Value, place: CellPlace): number {
  if (value === null || value === undefined) return 0x0a;
  if (typeof value === 'string') return text(out, value, place);
  if (typeof value === 'boolean') {
    out.byte(value ? 1 : 0);
    return 0x08;
  }
  if (typeof value === 'number') return number(out, value, place);
  if (typeof value === 'bigint') return integer(out, value, place);
  if (Decimal.is(value)) return decimal(out, value.text, place);
  if (value instanceof Date) return moment(out, value, place);
  if (value instanceof Uint8Array) {
    out.int32(value.length);
    out.byte(0);
    out.put(value);
    return 0x05;
  }
  if (isList(value)) {
    const inner = placeOfItem(place);
    document(out, () => {
      for (let i = 0; i < value.length; i++) element(out, String(i), value[i], inner);
    });
    return 0x04;
  }
  document(out, () => {
    for (const [key, member] of membersOf(value)) element(out, key, member, placeOfMember(place, key));
  });
  return 0x03;
}

function text(out: ByteWriter, value: string, place: CellPlace): number {
  checkText(value, () => place);
  const at = out.length;
  out.int32(0);
  const length = out.text(value);
  out.byte(0);
  out.patchInt32(at, length + 1);
  return 0x02;
}

function number(out: ByteWriter, value: number, place: CellPlace): number {
  // −0 would come back as 0.
  const isWhole = Number.isSafeInteger(value) && !Object.is(value, -0) && place.type?.kind !== 'float64';
  if (!isWhole) {
    out.double(value);
    return 0x01;
  }
  if (Math.abs(value) > 0x7fff_ffff) return integer(out, BigInt(value), place);
  out.int32(value);
  return 0x10;
}

function integer(out: ByteWriter, value: bigint, place: CellPlace): number {
  if (BigInt.asIntN(64, value) !== value) return decimal(out, String(value), place);
  out.int64(value);
  return 0x12;
}

function decimal(out: ByteWriter, value: string, place: CellPlace): number {
  const bits = bitsOfNumber(value);
  if (bits === undefined) throw refused(value, 'a decimal of 34 digits', place);
  out.int64(BigInt.asIntN(64, bits));
  out.int64(BigInt.asIntN(64, bits >> 64n));
  return 0x13;
}

function moment(out: ByteWriter, value: Date, place: CellPlace): number {
  const written = textOf(value, place);
  if (isWallTime(value, place.type)) return text(out, written, place);
  if ('nanoseconds' in value && value.nanoseconds !== 0) throw refused(written, 'milliseconds', place);
  out.int64(BigInt(value.getTime()));
  return 0x09;
}

function refused(value: string, what: string, place: CellPlace): FormatError {
  return new FormatError('UNREPRESENTABLE', `${value} does not fit into ${what}`, {
    ...place,
    hint: 'read the column as text with types, or leave it out',
  });
}

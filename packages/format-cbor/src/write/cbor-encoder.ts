import { type Column, Decimal, FormatError, type Value } from '@x/formats';
import {
  type ByteWriter,
  type CellPlace,
  type RecordEncoder,
  textOf,
  type ValueForm,
  writeRow,
} from '@x/formats/rows';

import { format, type WritePlan } from '../options.ts';

const [unsigned, negative, bytes, text, list, object, tag] = [0, 1, 2, 3, 4, 5, 6].map(
  (type) => type << 5,
) as [number, number, number, number, number, number, number];

/** Writes each row as a map, in as few bytes as it takes (RFC 8949, 4.1; doubles are doubles). */
export class CborEncoder implements RecordEncoder {
  readonly #isList: boolean;

  constructor({ layout }: WritePlan) {
    this.#isList = layout === 'list';
  }

  begin(out: ByteWriter): void {
    if (this.#isList) out.byte(0x9f);
  }

  record(out: ByteWriter, columns: readonly Column[], values: readonly Value[], row: number): void {
    writeRow(form, out, columns, values, { format, row });
  }

  end(out: ByteWriter): void {
    if (this.#isList) out.byte(0xff);
  }
}

const form: ValueForm = {
  null: (out) => out.byte(0xf6),
  boolean: (out, value) => out.byte(value ? 0xf5 : 0xf4),
  integer,
  double(out, value) {
    out.byte(0xfb);
    out.doubleBE(value);
  },
  decimal(out, value, place) {
    const [mantissa = '', exponent = '0'] = value.text.toLowerCase().split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    const power = Number(exponent) - fraction.length;
    const unscaled = BigInt(whole + fraction);
    if (!Number.isSafeInteger(power)) throw refused(value, 'an exponent of 53 bits', place);
    // −0 has no mantissa.
    if (unscaled === 0n && value.text.startsWith('-')) return this.double(out, -0);
    head(out, tag, 4);
    head(out, list, 2);
    integer(out, power);
    integer(out, unscaled);
  },
  text(out, value) {
    head(out, text, value.length < 8 ? shortLength(value) : Buffer.byteLength(value));
    out.text(value);
  },
  bytes(out, value) {
    head(out, bytes, value.length);
    out.put(value);
  },
  moment(out, value, place) {
    head(out, tag, 0);
    dateText(out, value, place);
  },
  wallTime(out, value, place) {
    const written = textOf(value, place);
    // Only a day has a tag of its own (RFC 8943).
    if (/^\d{4}-\d\d-\d\d$/.test(written)) head(out, tag, 1004);
    form.text(out, written);
  },
  list: (out, length) => head(out, list, length),
  object: (out, size) => head(out, object, size),
};

/** RFC 3339 has years of four digits. */
function dateText(out: ByteWriter, value: Date, place: CellPlace): void {
  const written = textOf(value, place);
  if (!/^\d{4}-/.test(written)) throw refused(written, 'a year of four digits', place);
  form.text(out, written);
}

/** The first byte, and the number that goes with it. */
function head(out: ByteWriter, type: number, value: number): void {
  if (value < 24) out.byte(type | value);
  else if (value < 0x100) {
    out.byte(type | 24);
    out.byte(value);
  } else if (value < 0x1_0000) {
    out.byte(type | 25);
    out.uint16BE(value);
  } else if (value <= 0xffff_ffff) {
    out.byte(type | 26);
    out.uint32BE(value);
  } else largeHead(out, type, BigInt(value));
}

function largeHead(out: ByteWriter, type: number, value: bigint): void {
  out.byte(type | 27);
  out.uint64BE(value);
}

function shortLength(value: string): number {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0x7f) return Buffer.byteLength(value);
  return value.length;
}

function integer(out: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number')
    return value < 0 ? head(out, negative, -1 - value) : head(out, unsigned, value);
  const type = value < 0n ? negative : unsigned;
  const rest = value < 0n ? -1n - value : value;
  if (rest <= 0xffff_ffffn) head(out, type, Number(rest));
  else if (BigInt.asUintN(64, rest) === rest) largeHead(out, type, rest);
  else {
    head(out, tag, value < 0n ? 3 : 2);
    const hex = rest.toString(16);
    form.bytes(out, Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'));
  }
}

function refused(value: Decimal | string, what: string, place: CellPlace): FormatError {
  return new FormatError('UNREPRESENTABLE', `${String(value)} does not fit into ${what}`, {
    ...place,
    hint: 'read the column as text with types, or leave it out',
  });
}

import { type Column, type Decimal, FormatError, type Value } from '@x/formats';
import {
  type ByteWriter,
  type CellPlace,
  type RecordEncoder,
  textOf,
  unitsOfDate,
  type ValueForm,
  writeRow,
} from '@x/formats/rows';

import { format } from '../options.ts';

/** Writes each row as a map, in as few bytes as it takes. */
export class MsgpackEncoder implements RecordEncoder {
  begin(): void {
    // Maps that follow each other have nothing in front of them.
  }

  record(out: ByteWriter, columns: readonly Column[], values: readonly Value[], row: number): void {
    writeRow(form, out, columns, values, { format, row });
  }

  end(): void {
    // Nor behind them.
  }
}

const form: ValueForm = {
  null: (out) => out.byte(0xc0),
  boolean: (out, value) => out.byte(value ? 0xc3 : 0xc2),
  integer,
  double(out, value) {
    out.byte(0xcb);
    out.doubleBE(value);
  },
  decimal(out, value, place) {
    const number = value.toNumber();
    if (number === undefined) throw refused(value, 'a double', place);
    if (Number.isSafeInteger(number) && !Object.is(number, -0)) integer(out, number, place);
    else this.double(out, number);
  },
  text(out, value) {
    const length = value.length < 11 ? shortLength(value) : Buffer.byteLength(value);
    if (length < 0x20) out.byte(0xa0 | length);
    else head(out, length, 0xd9, true);
    out.text(value);
  },
  bytes(out, value) {
    head(out, value.length, 0xc4, true);
    out.put(value);
  },
  moment,
  wallTime(out, value, place) {
    this.text(out, textOf(value, place));
  },
  list(out, length) {
    if (length < 0x10) out.byte(0x90 | length);
    else head(out, length, 0xdb, false);
  },
  object(out, size) {
    if (size < 0x10) out.byte(0x80 | size);
    else head(out, size, 0xdd, false);
  },
};

/** A length, behind the byte that says what it is of. The bytes for lengths of 8, 16 and 32 bits follow each other. */
function head(out: ByteWriter, length: number, first: number, hasByte: boolean): void {
  if (hasByte && length < 0x100) {
    out.byte(first);
    out.byte(length);
  } else if (length < 0x1_0000) {
    out.byte(first + 1);
    out.uint16BE(length);
  } else {
    out.byte(first + 2);
    out.uint32BE(length);
  }
}

function shortLength(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return Buffer.byteLength(text);
  return text.length;
}

function integer(out: ByteWriter, value: number | bigint, place: CellPlace): void {
  if (typeof value === 'bigint' || value > 0xffff_ffff || value < -0x8000_0000) {
    const large = BigInt(value);
    const isNegative = large < 0n;
    if ((isNegative ? BigInt.asIntN(64, large) : BigInt.asUintN(64, large)) !== large) {
      throw refused(value, '64 bits', place);
    }
    out.byte(isNegative ? 0xd3 : 0xcf);
    out.uint64BE(BigInt.asUintN(64, large));
  } else if (value >= 0) {
    if (value < 0x80) return out.byte(value);
    head(out, value, 0xcc, true);
  } else if (value >= -0x20) out.byte(value + 0x100);
  else if (value >= -0x80) {
    out.byte(0xd0);
    out.byte(value + 0x100);
  } else if (value >= -0x8000) {
    out.byte(0xd1);
    out.uint16BE(value + 0x1_0000);
  } else {
    out.byte(0xd2);
    out.uint32BE(value + 0x1_0000_0000);
  }
}

/** The extension −1, in 4, 8 or 12 bytes. */
function moment(out: ByteWriter, value: Date, place: CellPlace): void {
  const units = unitsOfDate(value, 'ns');
  if (units === undefined) throw refused(value, 'a moment', place);
  const nanoseconds = ((units % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (units - nanoseconds) / 1_000_000_000n;
  if (seconds >> 34n !== 0n) {
    out.byte(0xc7);
    out.byte(12);
    out.byte(0xff);
    out.uint32BE(Number(nanoseconds));
    out.uint64BE(BigInt.asUintN(64, seconds));
  } else if (nanoseconds === 0n && seconds <= 0xffff_ffffn) {
    out.byte(0xd6);
    out.byte(0xff);
    out.uint32BE(Number(seconds));
  } else {
    out.byte(0xd7);
    out.byte(0xff);
    out.uint64BE((nanoseconds << 34n) | seconds);
  }
}

function refused(value: number | bigint | Decimal | Date, what: string, place: CellPlace): FormatError {
  return new FormatError('UNREPRESENTABLE', `${String(value)} does not fit into ${what}`, {
    ...place,
    hint: `read the column as text with types, or leave it out`,
  });
}

import type { Column, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import type { CellPlace } from '../value/cell-place.ts';
import { Decimal } from '../value/decimal.ts';
import { isList, membersOf, placeOfItem, placeOfMember } from '../value/nested.ts';
import type { ByteWriter } from './byte-writer.ts';
import { isWallTime } from '../value/time.ts';
import { checkText } from './check-text.ts';

/** How a format in which every value tells what it is writes each kind of them. Lists and objects say their length first. */
export interface ValueForm {
  null(out: ByteWriter): void;
  boolean(out: ByteWriter, value: boolean): void;
  /** A whole number, of any size if it is a bigint. */
  integer(out: ByteWriter, value: number | bigint, place: CellPlace): void;
  double(out: ByteWriter, value: number): void;
  decimal(out: ByteWriter, value: Decimal, place: CellPlace): void;
  text(out: ByteWriter, value: string): void;
  bytes(out: ByteWriter, value: Uint8Array): void;
  /** A moment in time. */
  moment(out: ByteWriter, value: Date, place: CellPlace): void;
  /** A calendar day, or a time on the wall without a zone, which are no moments. */
  wallTime(out: ByteWriter, value: Date, place: CellPlace): void;
  list(out: ByteWriter, length: number): void;
  object(out: ByteWriter, size: number): void;
}

/** Writes a value. @throws {FormatError} UNREPRESENTABLE, and what the form throws. */
export function writeValue(form: ValueForm, out: ByteWriter, value: Value, place: CellPlace): void {
  if (value === null || value === undefined) form.null(out);
  else if (typeof value === 'string') writeText(form, out, value, place);
  else if (typeof value === 'boolean') form.boolean(out, value);
  else if (typeof value === 'bigint') form.integer(out, value, place);
  else if (typeof value === 'number') {
    if (isWhole(value) && place.type?.kind !== 'float64') form.integer(out, value, place);
    else form.double(out, value);
  } else if (Decimal.is(value)) form.decimal(out, value, place);
  else if (value instanceof Uint8Array) form.bytes(out, value);
  else if (value instanceof Date) writeDate(form, out, value, place);
  else if (isList(value)) {
    form.list(out, value.length);
    const inner = placeOfItem(place);
    for (const item of value) writeValue(form, out, item, inner);
  } else {
    const members = membersOf(value);
    form.object(out, members.length);
    for (const [key, member] of members) {
      writeText(form, out, key, place);
      writeValue(form, out, member, placeOfMember(place, key));
    }
  }
}

/** Writes a row as an object, without the columns that it does not have. */
export function writeRow(
  form: ValueForm,
  out: ByteWriter,
  columns: readonly Column[],
  values: readonly Value[],
  { format, row }: Pick<CellPlace, 'format' | 'row'>,
): void {
  let size = 0;
  for (let i = 0; i < columns.length; i++) if (values[i] !== undefined) size++;
  form.object(out, size);
  for (let i = 0; i < columns.length; i++) {
    const value = values[i];
    if (value === undefined) continue;
    const { name, type } = columns[i]!;
    const place = { format, row, field: name, type };
    writeText(form, out, name, place);
    writeValue(form, out, value, place);
  }
}

function writeText(form: ValueForm, out: ByteWriter, text: string, place: CellPlace): void {
  checkText(text, () => place);
  form.text(out, text);
}

function writeDate(form: ValueForm, out: ByteWriter, date: Date, place: CellPlace): void {
  if (Number.isNaN(date.getTime())) {
    const hint = 'turn it into null before it is written';
    throw new FormatError('UNREPRESENTABLE', 'an invalid Date is no moment', { ...place, hint });
  }
  if (isWallTime(date, place.type)) form.wallTime(out, date, place);
  else form.moment(out, date, place);
}

/** Whether a number is an integer, which −0 would come back as. */
function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

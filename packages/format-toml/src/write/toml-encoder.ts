import { type Column, Decimal, FormatError, type Value } from '@x/formats';
import {
  type ByteWriter,
  type CellPlace,
  checkText,
  isList,
  membersOf,
  numberText,
  placeOfItem,
  placeOfMember,
  type RecordEncoder,
  textOf,
} from '@x/formats/rows';

import { format } from '../options.ts';

/** Writes each row as a table of an array. What is null is left out, since TOML has no null. */
export class TomlEncoder implements RecordEncoder {
  readonly #head: string;

  constructor(table: string) {
    this.#head = `[[${table}]]\n`;
  }

  begin(): void {
    // The array has no beginning of its own.
  }

  record(out: ByteWriter, columns: readonly Column[], values: readonly Value[], row: number): void {
    let text = this.#head;
    for (let i = 0; i < columns.length; i++) {
      const { name, type } = columns[i]!;
      const value = values[i];
      if (value === null || value === undefined) continue;
      const place = { format, row, field: name, type };
      text += `${keyOf(name, place)} = ${spelled(value, place)}\n`;
    }
    out.text(`${text}\n`);
  }

  end(): void {
    // Nor an end.
  }
}

function keyOf(name: string, place: CellPlace): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name, place);
}

function spelled(value: Value, place: CellPlace): string {
  if (value === null || value === undefined) {
    throw refused(
      'an item that is null',
      place,
      'take it out of the list, or read the column as text with types',
    );
  }
  if (typeof value === 'string') return quoted(value, place);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberOf(value, place);
  if (typeof value === 'bigint') return integerOf(value, place);
  if (Decimal.is(value)) return decimalOf(value, place);
  if (value instanceof Date) return dateOf(value, place);
  if (value instanceof Uint8Array) return quoted(textOf(value, place), place);
  if (isList(value)) {
    const inner = placeOfItem(place);
    return `[${value.map((item) => spelled(item, inner)).join(', ')}]`;
  }
  const members = membersOf(value).filter(([, member]) => member !== null);
  const texts = members.map(
    ([key, member]) => `${keyOf(key, place)} = ${spelled(member, placeOfMember(place, key))}`,
  );
  return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
}

function numberOf(value: number, place: CellPlace): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const text = numberText(value);
  const isFloat = place.type?.kind === 'float64' || !Number.isSafeInteger(value) || Object.is(value, -0);
  return isFloat ? floatText(text) : text;
}

/** A float has a point or an exponent. */
function floatText(text: string): string {
  return /[.e]/i.test(text) ? text : `${text}.0`;
}

function integerOf(value: bigint, place: CellPlace): string {
  if (BigInt.asIntN(64, value) === value) return String(value);
  throw refused(`${value}, which has more than 64 bits,`, place, 'read the column as text with types');
}

/** Floats are doubles for every other reader. */
function decimalOf(value: Decimal, place: CellPlace): string {
  if (value.toNumber() !== undefined) return floatText(value.text);
  throw refused(`${value.text}, which a double does not hold,`, place, 'read the column as text with types');
}

function dateOf(value: Date, place: CellPlace): string {
  const text = textOf(value, place);
  if (/^\d{4}-/.test(text)) return text;
  throw refused(
    `${text}, whose year has more than four digits,`,
    place,
    'read the column as text with types',
  );
}

function quoted(text: string, place: CellPlace): string {
  checkText(text, () => place);
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

function refused(what: string, place: CellPlace, hint: string): FormatError {
  return new FormatError('UNREPRESENTABLE', `TOML cannot hold ${what.replace(/,$/, '')}`, { ...place, hint });
}

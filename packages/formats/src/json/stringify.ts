import type { DataType, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import type { CellPlace } from '../value/cell-place.ts';
import { Decimal, numberText } from '../value/decimal.ts';
import { dateText } from '../value/time.ts';

/**
 * A value as JSON (RFC 8259): numbers keep their spelling, bytes are written as base64, dates in
 * ISO 8601. Undefined members are left out, undefined items are null.
 *
 * @throws {FormatError} UNREPRESENTABLE for NaN, the infinities and the Date that is none.
 */
export function jsonOf(value: Value, place: CellPlace): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return numberText(value);
    throw new FormatError('UNREPRESENTABLE', `JSON has no ${value}`, {
      ...place,
      hint: 'turn it into null or text before it is written',
    });
  }
  return typeof value === 'object' ? jsonOfObject(value, place) : String(value);
}

function jsonOfObject(value: Extract<Value, object>, place: CellPlace): string {
  if (Decimal.is(value)) return value.text;
  if (value instanceof Date) return `"${dateText(value, place)}"`;
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (isList(value)) {
    const inner = typed(place, place.type?.kind === 'list' ? place.type.item : undefined);
    return `[${value.map((item) => jsonOf(item, inner)).join(',')}]`;
  }
  let text = '';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${jsonOf(member, typed(place, memberType(place.type, key)))}`;
  }
  return `{${text}}`;
}

/** The place of something inside a cell. */
function typed(place: CellPlace, type: DataType | undefined): CellPlace {
  if (place.type === type) return place;
  const { format, row, field } = place;
  return { format, row, field, ...(type !== undefined && { type }) };
}

function memberType(type: DataType | undefined, key: string): DataType | undefined {
  if (type?.kind === 'map') return type.value;
  return type?.kind === 'struct' ? type.fields.find(({ name }) => name === key)?.type : undefined;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

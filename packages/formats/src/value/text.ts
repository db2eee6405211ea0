import type { Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { jsonOf } from '../json/stringify.ts';
import type { CellPlace } from './cell-place.ts';
import { Decimal, numberText } from './decimal.ts';
import { dateText } from './time.ts';

/**
 * A value as the text of a cell. Numbers keep their spelling, lists and objects are written as
 * JSON, bytes as base64, dates in ISO 8601.
 *
 * @throws {FormatError} UNREPRESENTABLE for half of a surrogate pair, which UTF-8 cannot hold, and for
 * the Date that is none.
 */
export function textOf(value: Exclude<Value, null | undefined>, place: CellPlace): string {
  // In a column of JSON a text is what the JSON says, so the JSON has to say that it is text.
  if (place.type?.kind === 'json') return jsonOf(value, place);
  if (typeof value === 'string') {
    if (!/\p{Surrogate}/u.test(value)) return value;
    throw new FormatError('UNREPRESENTABLE', 'text with half of a surrogate pair cannot be UTF-8', place);
  }
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return String(value);
  if (Decimal.is(value)) return value.text;
  if (value instanceof Date) return dateText(value, place);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return jsonOf(value, place);
}

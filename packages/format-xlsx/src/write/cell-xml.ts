import { type DataType, Decimal, FormatError, type Value } from '@x/formats';
import { type CellPlace, checkText, isDay, isWallTime, textOf } from '@x/formats/rows';

import type { WritePlan } from '../options.ts';
import { escaped } from '../value/escapes.ts';
import { serialOfDate } from '../value/serial.ts';
import { Style } from './parts.ts';

/**
 * A cell of text is never a formula: it says that it is text.
 *
 * @throws {FormatError} UNREPRESENTABLE
 */
export function cellXml(
  name: string,
  value: Exclude<Value, null | undefined>,
  place: CellPlace,
  plan: WritePlan,
): string {
  if (typeof value === 'string') {
    // In a column of JSON a text is what the JSON says, so the JSON has to say that it is text.
    return textXml(name, place.type?.kind === 'json' ? JSON.stringify(value) : value, place, plan);
  }
  if (typeof value === 'boolean') return `<c r="${name}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)) {
    const number = held(value);
    if (number !== undefined) return `<c r="${name}"><v>${number}</v></c>`;
    return unheld(name, value, `${String(value)} is no number that Excel holds`, place, plan);
  }
  if (value instanceof Date) return dateXml(name, value, place, plan);
  return textXml(name, textOf(value, place), place, plan);
}

/** The spelling of a number that is the same when a double has been made of it. */
function held(value: number | bigint | Decimal): string | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : undefined;
  if (typeof value === 'bigint') return undefined;
  const number = value.toNumber();
  return number === undefined || (Number.isInteger(number) && !Number.isSafeInteger(number))
    ? undefined
    : String(number);
}

function dateXml(name: string, date: Date, place: CellPlace, plan: WritePlan): string {
  const { type } = place;
  const isZoned = !isWallTime(date, type);
  const serial = serialOfDate(date);
  if (isZoned && !plan.zonedAsUtc) return textXml(name, textOf(date, place), place, plan);
  if (serial === undefined) return unheld(name, date, 'it is no date that Excel has', place, plan);
  return `<c r="${name}" s="${styleOf(type, date)}"><v>${serial}</v></c>`;
}

function styleOf(type: DataType | undefined, date: Date): number {
  return isDay(date, type) && date.getTime() % 86_400_000 === 0 ? Style.date : Style.moment;
}

function unheld(
  name: string,
  value: number | bigint | Decimal | Date,
  what: string,
  place: CellPlace,
  plan: WritePlan,
): string {
  // Also refuses the Date that is none.
  const text = textOf(value, place);
  if (plan.unheldAsText) return textXml(name, text, place, plan);
  throw new FormatError('UNREPRESENTABLE', what, { ...place, hint: `choose onUnheld: 'text'` });
}

function textXml(name: string, text: string, place: CellPlace, { maxCellLength }: WritePlan): string {
  checkText(text, () => place);
  if (text.length > maxCellLength) {
    throw new FormatError('UNREPRESENTABLE', `a text of ${text.length} characters is longer than a cell`, {
      ...place,
      hint: `a cell has ${maxCellLength} characters at most: cut the text, or choose another format`,
    });
  }
  const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  return `<c r="${name}" t="inlineStr"><is><t${space}>${escaped(text)}</t></is></c>`;
}

import type { Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import type { CellPlace } from '../value/cell-place.ts';
import { Decimal, numberText } from '../value/decimal.ts';
import { textOf } from '../value/text.ts';
import { isDay, isWallTime, unitsOfTime } from '../value/time.ts';
import type { SheetWritePlan } from './sheet-options.ts';

/** How a format writes each kind of cell. */
export interface CellForm {
  /** @param digits Those of a double. */
  number(digits: string): string;
  boolean(value: boolean): string;
  /** A day, or a moment without a zone; undefined where the format has no such date. */
  date(date: Date, isDay: boolean): string | undefined;
  /** A time of day in a column of them, `12:34:56.789`. Without it that is text. */
  time?(time: string): string;
  /** @throws {FormatError} UNREPRESENTABLE for characters that the format has not. */
  text(text: string, place: CellPlace): string;
}

/**
 * A cell of a sheet by its value. One of text says that it is text, and is never a formula.
 *
 * @throws {FormatError} UNREPRESENTABLE
 */
export function sheetCell(
  form: CellForm,
  value: Exclude<Value, null | undefined>,
  place: CellPlace,
  plan: SheetWritePlan,
): string {
  if (typeof value === 'boolean') return form.boolean(value);
  if (typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)) {
    const digits = doubleText(value);
    if (digits !== undefined) return form.number(digits);
    return unheld(form, value, `${String(value)} is no number that a sheet holds`, place, plan);
  }
  const { type } = place;
  if (value instanceof Date) {
    if (!isWallTime(value, type) && !plan.zonedAsUtc)
      return cellOfText(form, textOf(value, place), place, plan);
    const isWhole = isDay(value, type) && value.getTime() % 86_400_000 === 0;
    const cell = Number.isNaN(value.getTime()) ? undefined : form.date(value, isWhole);
    return cell ?? unheld(form, value, 'it is no date that a sheet holds', place, plan);
  }
  if (
    type?.kind === 'time' &&
    form.time &&
    typeof value === 'string' &&
    unitsOfTime(value, 'ns') !== undefined
  ) {
    return form.time(value);
  }
  return cellOfText(form, textOf(value, place), place, plan);
}

/** The spelling of a number that is the same when a double has been made of it. */
function doubleText(value: number | bigint | Decimal): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? numberText(value) : undefined;
  if (typeof value === 'bigint') return undefined;
  const number = value.toNumber();
  return number === undefined || (Number.isInteger(number) && !Number.isSafeInteger(number))
    ? undefined
    : String(number);
}

function unheld(
  form: CellForm,
  value: number | bigint | Decimal | Date,
  what: string,
  place: CellPlace,
  plan: SheetWritePlan,
): string {
  // Also refuses the Date that is none.
  const text = textOf(value, place);
  if (plan.unheldAsText) return cellOfText(form, text, place, plan);
  throw new FormatError('UNREPRESENTABLE', what, { ...place, hint: `choose onUnheld: 'text'` });
}

function cellOfText(
  form: CellForm,
  text: string,
  place: CellPlace,
  { maxCellLength }: SheetWritePlan,
): string {
  if (text.length > maxCellLength) {
    throw new FormatError('UNREPRESENTABLE', `a text of ${text.length} characters is longer than a cell`, {
      ...place,
      hint: `a cell has ${maxCellLength} characters at most: cut the text, or choose another format`,
    });
  }
  return form.text(text, place);
}

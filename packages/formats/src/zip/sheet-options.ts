import { FormatError } from '../format-error.ts';
import { count, flag, oneOf } from '../option-checks.ts';
import type { TableWriteOptions } from '../rows/table-writer.ts';

/** What a writer of sheets can be told. */
export interface SheetWriteOptions extends TableWriteOptions {
  /** Name of the sheet. Default `Sheet1`. */
  readonly sheet?: string;
  /** Whether to write the names of the columns first. Default true. */
  readonly header?: boolean;
  /**
   * What becomes of numbers that a double does not hold digit for digit, and of dates that the format has not.
   * `text`: all their digits, as text. Default `text`.
   */
  readonly onUnheld?: 'text' | 'error';
  /** What becomes of moments with a zone, which sheets have not. `utc`: the time in UTC, as a date. Default `text`. */
  readonly zoned?: 'text' | 'utc';
  /** Characters that a text may have. Default what the programs open that the format is of. */
  readonly maxCellLength?: number;
}

export interface SheetWritePlan {
  readonly sheet: string;
  readonly header: boolean;
  readonly unheldAsText: boolean;
  readonly zonedAsUtc: boolean;
  readonly maxCellLength: number;
}

/** The names of these options. */
export const sheetWriteOptionNames = {
  sheet: true,
  header: true,
  onUnheld: true,
  zoned: true,
  maxCellLength: true,
  onExtraKey: true,
} as const;

/** @throws {FormatError} BAD_OPTION */
export function planSheetWrite(
  format: string,
  options: SheetWriteOptions,
  maxCellLength: number,
): SheetWritePlan {
  const { sheet = 'Sheet1' } = options;
  if (sheet === '' || sheet.length > 31 || /[[\]:*?/\\\p{Cc}]|^'|'$/u.test(sheet)) {
    throw new FormatError('BAD_OPTION', `sheet is ${JSON.stringify(sheet)}`, {
      format,
      hint: 'it takes up to 31 characters, none of them []:*?/\\, and no apostrophe at the ends',
    });
  }
  return {
    sheet,
    header: flag(format, 'header', options.header, true),
    unheldAsText: oneOf(format, 'onUnheld', options.onUnheld, ['text', 'error']) === 'text',
    zonedAsUtc: oneOf(format, 'zoned', options.zoned, ['text', 'utc']) === 'utc',
    maxCellLength: count(format, 'maxCellLength', options.maxCellLength, maxCellLength, 1),
  };
}

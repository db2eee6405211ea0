import { FormatError } from '@x/formats';
import {
  count,
  oneOf,
  planSheet,
  type SheetPlan,
  type SheetReadOptions,
  type TableWriteOptions,
} from '@x/formats/rows';

import { format } from './errors.ts';

export interface XlsxReadOptions extends SheetReadOptions {
  /** Bytes that the shared texts of the workbook may have, which are held in memory. Default 1 GiB. */
  readonly maxSharedBytes?: number;
}

export interface XlsxWriteOptions extends TableWriteOptions {
  /** Name of the sheet. Default `Sheet1`. */
  readonly sheet?: string;
  /** Whether to write the names of the columns first. Default true. */
  readonly header?: boolean;
  /**
   * What becomes of numbers that a double does not hold digit for digit, and of dates that Excel has not:
   * before 1900, or finer than a millisecond. `text`: all their digits, as text. Default `text`.
   */
  readonly onUnheld?: 'text' | 'error';
  /** What becomes of moments with a zone, which Excel has not. `utc`: the time in UTC, as a date. Default `text`. */
  readonly zoned?: 'text' | 'utc';
  /** Characters that a text may have. Default 32,767; Excel does not open a workbook with more. */
  readonly maxCellLength?: number;
}

export interface ReadPlan extends SheetPlan {
  readonly maxSharedBytes: number;
}

export interface WritePlan {
  readonly sheet: string;
  readonly header: boolean;
  readonly unheldAsText: boolean;
  readonly zonedAsUtc: boolean;
  readonly maxCellLength: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: XlsxReadOptions): ReadPlan {
  return {
    ...planSheet(format, options),
    maxSharedBytes: count(format, 'maxSharedBytes', options.maxSharedBytes, 1024 ** 3, 1),
  };
}

/** @throws {FormatError} BAD_OPTION */
export function planWrite(options: XlsxWriteOptions): WritePlan {
  const { sheet = 'Sheet1' } = options;
  if (sheet === '' || sheet.length > 31 || /[[\]:*?/\\\p{Cc}]|^'|'$/u.test(sheet)) {
    throw new FormatError('BAD_OPTION', `sheet is ${JSON.stringify(sheet)}`, {
      format,
      hint: 'it takes up to 31 characters, none of them []:*?/\\, and no apostrophe at the ends',
    });
  }
  return {
    sheet,
    header: options.header ?? true,
    unheldAsText: oneOf(format, 'onUnheld', options.onUnheld, ['text', 'error']) === 'text',
    zonedAsUtc: oneOf(format, 'zoned', options.zoned, ['text', 'utc']) === 'utc',
    maxCellLength: count(format, 'maxCellLength', options.maxCellLength, 32_767, 1),
  };
}

import { type CommonReadOptions, FormatError } from '@x/formats';
import { count, oneOf, type TableWriteOptions } from '@x/formats/rows';

import { format } from './errors.ts';

export interface XlsxReadOptions extends CommonReadOptions {
  /** The sheet: its name, or its number from 1. Default the first that is not hidden. */
  readonly sheet?: string | number;
  /** Whether the first row has the names of the columns; else they are A, B, C and so on. Default true. */
  readonly header?: boolean;
  /**
   * What becomes of rows without a value. `inner`: they are rows where others follow. `keep`: all are rows.
   * `skip`: none is. Default `inner`.
   */
  readonly emptyRows?: 'inner' | 'keep' | 'skip';
  /** Two columns of one name: an error, or the second becomes `name_2`. Default `error`. */
  readonly onDuplicateColumn?: 'error' | 'rename';
  /** A column without a name: an error, or it is named `column3` by its place. Default `error`. */
  readonly onEmptyColumnName?: 'error' | 'rename';
  /** Bytes that the shared texts of the workbook may have, which are held in memory. Default 1 GiB. */
  readonly maxSharedBytes?: number;
  /** Characters that a cell may have. Default 1,000,000; Excel writes 32,767 at most. */
  readonly maxCellLength?: number;
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

export interface ReadPlan {
  readonly sheet: string | number | undefined;
  readonly header: boolean;
  readonly emptyRows: 'inner' | 'keep' | 'skip';
  readonly renamesDuplicates: boolean;
  readonly renamesEmpty: boolean;
  readonly maxSharedBytes: number;
  readonly maxCellLength: number;
  readonly scanLimit: number;
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
  const { sheet } = options;
  if (sheet !== undefined && typeof sheet !== 'string' && !(Number.isInteger(sheet) && sheet >= 1)) {
    throw new FormatError('BAD_OPTION', `sheet is ${String(sheet)}`, {
      format,
      hint: 'it takes a name, or a number from 1',
    });
  }
  return {
    sheet,
    header: options.header ?? true,
    emptyRows: oneOf(format, 'emptyRows', options.emptyRows, ['inner', 'keep', 'skip']),
    renamesDuplicates:
      oneOf(format, 'onDuplicateColumn', options.onDuplicateColumn, ['error', 'rename']) === 'rename',
    renamesEmpty:
      oneOf(format, 'onEmptyColumnName', options.onEmptyColumnName, ['error', 'rename']) === 'rename',
    maxSharedBytes: count(format, 'maxSharedBytes', options.maxSharedBytes, 1024 ** 3, 1),
    maxCellLength: count(format, 'maxCellLength', options.maxCellLength, 1_000_000, 1),
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
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

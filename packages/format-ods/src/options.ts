import { type CommonReadOptions, FormatError } from '@x/formats';
import { count, oneOf } from '@x/formats/rows';

import { format } from './errors.ts';

export interface OdsReadOptions extends CommonReadOptions {
  /** The sheet: its name, or its number from 1. Default the first that is not hidden. */
  readonly sheet?: string | number;
  /** Whether the first row has the names of the columns; else they are A, B, C and so on. Default true. */
  readonly header?: boolean;
  /**
   * What becomes of rows without a value. `inner`: they are rows where others follow. `keep`: all are rows, of
   * which many programs fill a sheet up to a million. `skip`: none is. Default `inner`.
   */
  readonly emptyRows?: 'inner' | 'keep' | 'skip';
  /** Two columns of one name: an error, or the second becomes `name_2`. Default `error`. */
  readonly onDuplicateColumn?: 'error' | 'rename';
  /** A column without a name: an error, or it is named `column3` by its place. Default `error`. */
  readonly onEmptyColumnName?: 'error' | 'rename';
  /** Characters that a cell may have. Default 1,000,000; LibreOffice writes 65,535 at most. */
  readonly maxCellLength?: number;
  /**
   * Cells with a value that a sheet may have without their being written out one by one, as repetitions of a cell
   * or a row before them. Default 10,000,000.
   */
  readonly maxRepeatedCells?: number;
}

export interface ReadPlan {
  readonly sheet: string | number | undefined;
  readonly header: boolean;
  readonly emptyRows: 'inner' | 'keep' | 'skip';
  readonly renamesDuplicates: boolean;
  readonly renamesEmpty: boolean;
  readonly maxCellLength: number;
  readonly maxRepeatedCells: number;
  readonly scanLimit: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: OdsReadOptions): ReadPlan {
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
    maxCellLength: count(format, 'maxCellLength', options.maxCellLength, 1_000_000, 1),
    maxRepeatedCells: count(format, 'maxRepeatedCells', options.maxRepeatedCells, 10_000_000, 0),
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
  };
}

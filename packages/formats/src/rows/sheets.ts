// What the formats of spreadsheets do alike: how cells and columns are named, and what their readers can be told.
import type { CommonReadOptions } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { count, flag, oneOf } from '../option-checks.ts';

/** The largest sheet of Excel, and of LibreOffice. */
export const maxRows = 1_048_576;
export const maxColumns = 16_384;

/** Letters of a column, from 0: A, B, … Z, AA. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return letters;
}

export interface SheetReadOptions extends CommonReadOptions {
  /** The sheet: its name, or its number from 1. Default the first that is not hidden. */
  readonly sheet?: string | number;
  /** Whether the first row has the names of the columns; else they are A, B, C and so on. Default true. */
  readonly header?: boolean;
  /**
   * What becomes of rows without a value. `inner`: they are rows where others follow. `keep`: all are rows, of
   * which some programs fill a sheet up to a million. `skip`: none is. Default `inner`.
   */
  readonly emptyRows?: 'inner' | 'keep' | 'skip';
  /** Two columns of one name: an error, or the second becomes `name_2`. Default `error`. */
  readonly onDuplicateColumn?: 'error' | 'rename';
  /** A column without a name: an error, or it is named `column3` by its place. Default `error`. */
  readonly onEmptyColumnName?: 'error' | 'rename';
  /** Characters that a cell may have. Default 1,000,000; programs write 32,767 or 65,535 at most. */
  readonly maxCellLength?: number;
}

export interface SheetPlan {
  readonly sheet: string | number | undefined;
  readonly header: boolean;
  readonly emptyRows: 'inner' | 'keep' | 'skip';
  readonly renamesDuplicates: boolean;
  readonly renamesEmpty: boolean;
  readonly maxCellLength: number;
  readonly scanLimit: number;
}

/** The names of these options. */
export const sheetOptionNames = {
  sheet: true,
  header: true,
  emptyRows: true,
  onDuplicateColumn: true,
  onEmptyColumnName: true,
  maxCellLength: true,
} as const;

/** @throws {FormatError} BAD_OPTION */
export function planSheet(format: string, options: SheetReadOptions): SheetPlan {
  const { sheet } = options;
  if (sheet !== undefined && typeof sheet !== 'string' && !(Number.isInteger(sheet) && sheet >= 1)) {
    throw new FormatError('BAD_OPTION', `sheet is ${String(sheet)}`, {
      format,
      hint: 'it takes a name, or a number from 1',
    });
  }
  return {
    sheet,
    header: flag(format, 'header', options.header, true),
    emptyRows: oneOf(format, 'emptyRows', options.emptyRows, ['inner', 'keep', 'skip']),
    renamesDuplicates:
      oneOf(format, 'onDuplicateColumn', options.onDuplicateColumn, ['error', 'rename']) === 'rename',
    renamesEmpty:
      oneOf(format, 'onEmptyColumnName', options.onEmptyColumnName, ['error', 'rename']) === 'rename',
    maxCellLength: count(format, 'maxCellLength', options.maxCellLength, 1_000_000, 1),
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
  };
}

/**
 * The names of the columns, by the texts of a row.
 *
 * @param row Number of the row, from 1.
 * @throws {FormatError} DUPLICATE_COLUMN or EMPTY_COLUMN_NAME, where the plan does not say otherwise.
 */
export function sheetColumnNames(
  format: string,
  texts: readonly string[],
  row: number,
  { renamesDuplicates, renamesEmpty }: SheetPlan,
): string[] {
  const taken = new Set<string>();
  return texts.map((text, i) => {
    const at = `${columnLetters(i)}${row}`;
    if (text === '' && !renamesEmpty) {
      throw new FormatError('EMPTY_COLUMN_NAME', `the column at ${at} has no name`, {
        format,
        hint: `name it, choose onEmptyColumnName: 'rename', or header: false`,
      });
    }
    const wanted = text === '' ? `column${i + 1}` : text;
    if (taken.has(wanted) && !renamesDuplicates) {
      const what = `the column at ${at} is called ${JSON.stringify(wanted)}, as another one is`;
      throw new FormatError('DUPLICATE_COLUMN', what, {
        format,
        field: wanted,
        hint: `rename it, or choose onDuplicateColumn: 'rename'`,
      });
    }
    let name = wanted;
    for (let copy = 2; taken.has(name); copy++) name = `${wanted}_${copy}`;
    taken.add(name);
    return name;
  });
}

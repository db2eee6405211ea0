import { type CommonReadOptions, type EncodingOptions, FormatError } from '@x/formats';
import { count, oneOf, type TableWriteOptions } from '@x/formats/rows';

export const format = 'html';

export interface HtmlReadOptions extends CommonReadOptions, EncodingOptions {
  /** Which table: its number in the document, from 1, or its `id`. Default the only one that there is. */
  readonly table?: number | string;
  /**
   * Where the names of the columns are. `auto`: in `<thead>`, or in the first row if all of it is `<th>`; else
   * they are `column1`, `column2`, …. `first`: in the first row, whatever it is. `none`: nowhere. Default `auto`.
   */
  readonly header?: 'auto' | 'first' | 'none';
  /** A row with more or fewer cells than there are columns. `pad`: missing ones are null. Default `error`. */
  readonly onRagged?: 'error' | 'pad';
  /** Two columns of one name: an error, or the second becomes `name_2`. Default `error`. */
  readonly onDuplicateColumn?: 'error' | 'rename';
  /** A column without a name: an error, or it is named `column3` by its place. Default `error`. */
  readonly onEmptyColumnName?: 'error' | 'rename';
  /** Elements inside each other. Default 512. */
  readonly maxDepth?: number;
  /** Characters that a row may have, or a tag or a comment. Default 16 Mi. */
  readonly maxRecordLength?: number;
}

export interface HtmlWriteOptions extends TableWriteOptions {
  /** The title of the document. Default `Table`. */
  readonly title?: string;
}

export interface ReadPlan {
  readonly table: number | string | undefined;
  readonly header: 'auto' | 'first' | 'none';
  readonly pads: boolean;
  readonly renamesDuplicate: boolean;
  readonly renamesEmpty: boolean;
  readonly maxDepth: number;
  readonly maxRecordLength: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: HtmlReadOptions): ReadPlan {
  const { table } = options;
  if (typeof table === 'number' && !(Number.isInteger(table) && table > 0)) {
    throw new FormatError('BAD_OPTION', `table is ${table}`, {
      format,
      hint: 'it takes a number from 1, or an id',
    });
  }
  return {
    table,
    header: oneOf(format, 'header', options.header, ['auto', 'first', 'none']),
    pads: oneOf(format, 'onRagged', options.onRagged, ['error', 'pad']) === 'pad',
    renamesDuplicate: renames('onDuplicateColumn', options.onDuplicateColumn),
    renamesEmpty: renames('onEmptyColumnName', options.onEmptyColumnName),
    maxDepth: count(format, 'maxDepth', options.maxDepth, 512, 1),
    maxRecordLength: count(format, 'maxRecordLength', options.maxRecordLength, 16 * 1024 * 1024, 1),
  };
}

function renames(option: string, value: 'error' | 'rename' | undefined): boolean {
  return oneOf(format, option, value, ['error', 'rename']) === 'rename';
}

/** Every way in which a format refuses its input, its rows or its options. */
export type FormatErrorCode =
  /** A row with more or fewer cells than there are columns. */
  | 'RAGGED_ROW'
  /** A quote that is still open where the input ends. */
  | 'OPEN_QUOTE'
  /** Text between a closing quote and the next delimiter. */
  | 'TEXT_AFTER_QUOTE'
  /** Bytes that are no text in the encoding of the source. */
  | 'INVALID_TEXT'
  | 'DUPLICATE_COLUMN'
  | 'EMPTY_COLUMN_NAME'
  /** A column that was asked for and is not there. */
  | 'NO_SUCH_COLUMN'
  /** A cell that is not of its column's type. */
  | 'TYPE_MISMATCH'
  /** The input is not JSON. */
  | 'INVALID_JSON'
  /** A JSON record that is not an object. */
  | 'NOT_AN_OBJECT'
  /** A JSON document without a list of rows where it was looked for. */
  | 'NOT_A_LIST'
  /** An object that has a key twice. */
  | 'DUPLICATE_KEY'
  /** A key that is not among the columns. */
  | 'EXTRA_KEY'
  /** A value that the format cannot hold. */
  | 'UNREPRESENTABLE'
  /** The bytes are not of the format, or they are damaged. */
  | 'CORRUPT'
  /** The bytes end before the file does. */
  | 'TRUNCATED'
  /** A part of the format that is not understood here. */
  | 'UNSUPPORTED'
  /** Something that this version of Node.js does not have. */
  | 'UNAVAILABLE'
  /** More than a named limit allows. */
  | 'LIMIT'
  | 'BAD_OPTION';

export interface FormatErrorDetails {
  /** Name of the format. */
  readonly format?: string;
  /** Line of the source, from 1. */
  readonly line?: number;
  /** Character of that line, from 1. */
  readonly column?: number;
  /** Byte of the source, from 0. */
  readonly byteOffset?: number;
  /** Row of the data, from 1; a header is not a row. */
  readonly row?: number;
  /** Name of the column of data. */
  readonly field?: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What was wrong, where, and what to do about it. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly code: FormatErrorCode;
  /** What was wrong, without the place and the hint. */
  readonly problem: string;
  readonly format: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly byteOffset: number | undefined;
  readonly row: number | undefined;
  readonly field: string | undefined;
  readonly hint: string | undefined;

  constructor(code: FormatErrorCode, problem: string, details: FormatErrorDetails = {}) {
    super(
      `${problem}${placeOf(details)}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.problem = problem;
    this.format = details.format;
    this.line = details.line;
    this.column = details.column;
    this.byteOffset = details.byteOffset;
    this.row = details.row;
    this.field = details.field;
    this.hint = details.hint;
  }
}

function placeOf({ line, column, row, field, byteOffset }: FormatErrorDetails): string {
  if (line !== undefined) return ` (line ${line}, column ${column})`;
  const places = [
    row === undefined ? [] : `row ${row}`,
    field === undefined || (row === undefined && byteOffset === undefined)
      ? []
      : `column ${JSON.stringify(field)}`,
    byteOffset === undefined || row !== undefined ? [] : `byte ${byteOffset}`,
  ].flat();
  return places.length === 0 ? '' : ` (${places.join(', ')})`;
}

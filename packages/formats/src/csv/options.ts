/** How the cells of a delimited file are told apart (RFC 4180). */
export interface Dialect {
  /** One ASCII character. Default: `,` for csv, tab for tsv, `|` for psv, `;` for ssv. */
  readonly delimiter?: string;
  /** One ASCII character; doubled inside a quoted cell. Default `"`. */
  readonly quote?: string;
}

export interface CsvReadOptions extends Dialect {
  /** Whether the first record names the columns. Default true; without it they are `column1`, `column2` … */
  readonly header?: boolean;
}

export interface CsvWriteOptions extends Dialect {
  /** Whether to write the names of the columns first. Default true. */
  readonly header?: boolean;
  /** What ends a record. Default `\n`. */
  readonly lineEnding?: '\n' | '\r\n';
}

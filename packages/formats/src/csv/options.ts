import type { CommonReadOptions, CommonWriteOptions } from '../contract.ts';
import type { EncodingOptions } from '../source/utf8-source.ts';

/** How the cells of a delimited file are told apart (RFC 4180). */
export interface Dialect {
  /** One ASCII character. Default: `,` for csv, tab for tsv, `|` for psv, `;` for ssv. */
  readonly delimiter?: string;
  /** One ASCII character; `''` for a file without quotes. Default `"`. */
  readonly quote?: string;
}

/**
 * With `types`, every cell is text by default, and `infer` finds boolean, integer and float64, where
 * every cell would be spelled the same again.
 *
 * `nullValues` are looked for in cells without quotes. Default none, and the empty cell where `types`
 * is given: `['']` tells `,,` (null) from `,"",` (empty text).
 */
export interface CsvReadOptions extends CommonReadOptions, EncodingOptions, Dialect {
  /** As of a dialect, or `auto` to find it out from the first rows. */
  readonly delimiter?: string;
  /** One ASCII character that takes the meaning from the one after it. Default none: quotes are doubled. */
  readonly escape?: string;
  /** One ASCII character that begins a line to be left out. Default none. */
  readonly comment?: string;
  /** Whether the first record names the columns. Default true; without it they are `column1`, `column2` … */
  readonly header?: boolean;
  /** With a header, the columns to read, in this order. Without one, the names of all the columns. */
  readonly columns?: readonly string[];
  /** Lines to leave out in front of everything, the header included. Default 0. */
  readonly skipLines?: number;
  /**
   * A row with more or fewer cells than there are columns. `pad`: a short row ends in nulls, a long
   * one is an error. `truncate`: a short row ends in nulls, a long one is cut. `skip`: the row is left
   * out, and `onBadRow` is told. Default `error`.
   */
  readonly onRagged?: 'error' | 'pad' | 'truncate' | 'skip';
  /** Two columns of one name: an error, or the second becomes `name_2`. Default `error`. */
  readonly onDuplicateColumn?: 'error' | 'rename';
  /** A column without a name: an error, or it is named `column3` by its place. Default `error`. */
  readonly onEmptyColumnName?: 'error' | 'rename';
  /** Bytes of a record from which on it is refused, rather than more memory taken. Default 64 MiB. */
  readonly maxRecordBytes?: number;
}

export interface CsvWriteOptions extends CommonWriteOptions, Dialect {
  /** Whether to write the names of the columns first. Default true. */
  readonly header?: boolean;
  /** What ends a record. Default `\n`. */
  readonly lineEnding?: '\n' | '\r\n';
  /** Cells to quote: those that have to be, or all but null. Default `needed`. */
  readonly quoting?: 'needed' | 'all';
  /**
   * The text of null. Default the empty text, as for empty text itself. Given explicitly, `''`
   * included, a text that reads the same is quoted, so that it can be told apart.
   */
  readonly nullValue?: string;
  /** The texts of true and false. Default `['true', 'false']`. */
  readonly booleans?: readonly [whenTrue: string, whenFalse: string];
  /**
   * Whether to write an apostrophe in front of text that a spreadsheet would run as a formula: text
   * that begins with `=`, `+`, `-`, `@`, tab or CR. Numbers stay as they are. Default false.
   */
  readonly guardFormulas?: boolean;
  /**
   * A value in a column that the header lacks, because no row before the header was written had it:
   * an error, or it is left out. Default `error`.
   */
  readonly onExtraKey?: 'error' | 'drop';
  /** Whether to begin with a byte order mark, for programs that guess otherwise. Default false. */
  readonly byteOrderMark?: boolean;
}

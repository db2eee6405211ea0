import type { CommonReadOptions, CommonWriteOptions } from '@x/formats';

/**
 * Columns have the types of the file. With `types`, `text` makes text of a column; another type than its own is
 * refused, and `infer` is what it is.
 */
export interface ParquetReadOptions extends CommonReadOptions {
  /** Bytes that a page may have, once decompressed; a damaged header may ask for any size. Default 256 MiB. */
  readonly maxPageBytes?: number;
}

export interface ParquetWriteOptions extends CommonWriteOptions {
  /** What pages are compressed with. Default `snappy`. `zstd` needs Node.js 22.15. */
  readonly compression?: 'snappy' | 'zstd' | 'uncompressed';
  /** Level of zstd, −7 … 22. Default 3. */
  readonly compressionLevel?: number;
  /** Rows a row group. Default 131,072; a group ends earlier where it has 64 MiB, compressed. */
  readonly rowGroupSize?: number;
  /**
   * Columns whose type nothing tells, as of JSON, get the type that the first so many rows have. They are held in
   * memory. Default 1000.
   */
  readonly scanLimit?: number;
  /** What becomes of lists and objects where nothing tells their type: columns, or JSON text. Default `columns`. */
  readonly nested?: 'columns' | 'json';
  /** A column that comes after the first row group's schema is settled: an error, or it is left out. Default `error`. */
  readonly onExtraKey?: 'error' | 'drop';
}

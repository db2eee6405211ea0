import type { CommonReadOptions, CommonWriteOptions } from '@x/formats';

/**
 * Columns have the types of the file. With `types`, `text` makes text of a column; another type than its own is
 * refused, and `infer` is what it is.
 */
export interface ArrowReadOptions extends CommonReadOptions {
  /**
   * Bytes that a record batch may have, compressed or not; a damaged header may ask for any size. Default 1 GiB.
   */
  readonly maxBatchBytes?: number;
  /**
   * Whether a stream has to have its end mark. `optional`: it may also just end behind a message, and nobody can tell
   * whether it was cut off there. Files have a footer in any case. Default `required`.
   */
  readonly endMark?: 'required' | 'optional';
}

export interface ArrowWriteOptions extends CommonWriteOptions {
  /** What buffers are compressed with. Default `uncompressed`. `zstd` needs Node.js 22.15. */
  readonly compression?: 'uncompressed' | 'lz4' | 'zstd';
  /** Level of zstd, −7 … 22. Default 3. */
  readonly compressionLevel?: number;
  /** Rows a record batch. Default 65,536; a batch ends earlier where it has 64 MiB. */
  readonly recordBatchSize?: number;
  /**
   * Columns whose type nothing tells, as of JSON, get the type that the first so many rows have. They are held in
   * memory. Default 1000.
   */
  readonly scanLimit?: number;
  /** What becomes of lists and objects where nothing tells their type: columns, or JSON text. Default `columns`. */
  readonly nested?: 'columns' | 'json';
  /** A column that comes after the schema is settled: an error, or it is left out. Default `error`. */
  readonly onExtraKey?: 'error' | 'drop';
}

import type { CommonReadOptions, CommonWriteOptions } from '../contract.ts';
import type { EncodingOptions } from '../source/utf8-source.ts';

/**
 * Without `types`, each cell tells for itself what it is. `infer` finds a type for the columns whose
 * cells are all of one.
 */
export interface JsonLinesReadOptions extends CommonReadOptions, EncodingOptions {
  /**
   * A key that none of the rows looked at has. `extend`: it is a further column, from that batch on.
   * `drop`: it is left out. Default `extend`; a format with a fixed header then refuses the column.
   */
  readonly onExtraKey?: 'extend' | 'error' | 'drop';
  /** How many lists and objects may be inside each other, the record counted: 1 … 1024. Default 256. */
  readonly maxDepth?: number;
  /** Columns that the keys may make: each row has a cell of each. Default 10,000. */
  readonly maxColumns?: number;
  /** Bytes of a record from which on it is refused, rather than more memory taken. Default 64 MiB. */
  readonly maxRecordBytes?: number;
}

export interface JsonReadOptions extends JsonLinesReadOptions {
  /**
   * Where the list of rows is: the keys that lead to it, as a list or with dots between. Default the
   * document itself, which is a list, or an object that is the only row.
   */
  readonly path?: string | readonly string[];
}

export type JsonWriteOptions = CommonWriteOptions;

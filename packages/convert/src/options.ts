import type { AnyFormat } from '@x/formats';

import type { Progress } from './progress.ts';

interface Encoding {
  /** Name of the format; by default what the content and the name of the file say. */
  readonly format?: string | undefined;
  /** Name of the codec, `identity` for none; by default what the content and the name say. */
  readonly codec?: string | undefined;
  /** zstd: the dictionary of the compressed data. */
  readonly dictionary?: Uint8Array | undefined;
  /** deflate: without the header and the checksum of the zlib format. Default `false`. */
  readonly raw?: boolean | undefined;
  /** Options of the format. */
  readonly [option: string]: unknown;
}

/** What a source is, and how it is read. */
export interface SourceEndpoint extends Encoding {
  /**
   * Bounds on what is read, compressed or not: `outputBytes`, `ratio` and `windowLog` as in `@x/codecs`,
   * with its defaults for what is compressed.
   */
  readonly limits?:
    | {
        readonly outputBytes?: number | undefined;
        readonly ratio?: number | undefined;
        readonly windowLog?: number | undefined;
      }
    | undefined;
}

/** What a destination becomes, and how it is written. */
export interface Endpoint extends Encoding {
  /** Compression level: the codec's own number, or a name that every codec understands. */
  readonly level?: number | 'fastest' | 'fast' | 'default' | 'best' | undefined;
  /** Threads to compress on at most; the bytes do not depend on it. Default `'auto'`: as many as there are. */
  readonly threads?: number | 'auto' | undefined;
  /** Whether to store a checksum where the codec leaves the choice. Default `true`. */
  readonly checksum?: boolean | undefined;
}

/** What `convert`, `bulkConvert`, `pipeline`, `openReader` and `openWriter` have in common. */
export interface ConvertOptions {
  /** Write to a temp beside the destination and publish it when all is well. Default `false`. */
  readonly atomic?: boolean | undefined;
  /** What of an atomic write is synced before it counts as published. Default `'full'`. */
  readonly durability?: 'full' | 'data' | 'none' | undefined;
  /** Format, codec and their options of the source. */
  readonly from?: SourceEndpoint | undefined;
  /** Format, codec and their options of the destination. */
  readonly to?: Endpoint | undefined;
  /** Formats beside the built-in ones, as `[parquet()]`. */
  readonly formats?: readonly AnyFormat[] | undefined;
  /** Rows looked at for columns and types. Default 1000; `Infinity` for all, which are then held in memory. */
  readonly scanLimit?: number | undefined;
  /** Rows a batch at most. Default 50,000, in pipelines 1000. */
  readonly batchSize?: number | undefined;
  /** Nested objects to columns with dotted names, at all levels. Default `false`: JSON text in a flat format. */
  readonly flatten?: boolean | undefined;
  /** Columns with dotted names to nested objects, the way back. Default `false`. */
  readonly unflatten?: boolean | undefined;
  /** The columns to keep, by their names in the source, in this order. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** New names by old ones. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** `'infer'`, `'text'`, or types by column. Default: inferred where the destination stores types. */
  readonly types?: 'infer' | 'text' | Readonly<Record<string, string>> | undefined;
  /** Cells of text that mean null. */
  readonly nullValues?: readonly string[] | undefined;
  /** Rows with too few or too many cells. Default `'error'`. */
  readonly onRagged?: 'error' | 'skip' | 'pad' | 'truncate' | undefined;
  /** Keys that first appear when the columns of a flat destination are fixed. Default `'error'`. */
  readonly onExtraKey?: 'error' | 'drop' | undefined;
  /** `'skip'` leaves bad rows out and counts them. Default `'throw'`. */
  readonly onError?: 'throw' | 'skip' | undefined;
  /** File for what was skipped, with reason and position, as JSONL. */
  readonly rejects?: string | URL | undefined;
  /** Told how far the run is; once more at its end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Rows between two calls of `onProgress`, of which there are ten a second at most. Default 1000. */
  readonly progressInterval?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What has a default. */
type Defaulted =
  | 'atomic'
  | 'durability'
  | 'from'
  | 'to'
  | 'formats'
  | 'scanLimit'
  | 'flatten'
  | 'unflatten'
  | 'rename'
  | 'onError'
  | 'progressInterval';

/** Checked, with the defaults filled in. */
export type ParsedOptions = Filled<ConvertOptions, Defaulted>;

/** `Options` after those that have a default were given it. */
export type Filled<Options, Names extends keyof Options> = Omit<Options, Names> & {
  readonly [Name in Names]-?: NonNullable<Options[Name]>;
};

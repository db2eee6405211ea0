/**
 * The contract between formats and whoever composes them: bytes ↔ batches of rows.
 *
 * A format is a value. It does no I/O: it is given bytes and a sink, and knows nothing of files,
 * compression or atomicity.
 */

import type { FormatError } from './format-error.ts';
import type { Decimal } from './value/decimal.ts';

/**
 * Bytes in order, in chunks of any size, empty ones included.
 *
 * A chunk belongs to the consumer only until it asks for the next one, so that a source may read
 * into the same buffer again and again. Whoever keeps a chunk longer copies it.
 */
export type ByteSource = AsyncIterable<Uint8Array>;

/** A source that can also be read out of order, for formats with an index at their end (Parquet). */
export interface RandomAccessSource extends ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `position`, in a buffer of their own. */
  readAt(position: number, length: number): Promise<Uint8Array>;
}

/**
 * Where a writer puts its bytes. The chunk must not change until the promise resolves; the sink
 * must not use it afterwards. Waiting for the promise is the backpressure.
 */
export interface ByteSink {
  write(chunk: Uint8Array): void | Promise<void>;
}

/**
 * One cell. Undefined is a cell that the source does not have, as when a JSON record lacks a key; a
 * format that cannot tell writes null.
 *
 * A number stands for itself only: an integer beyond ±(2^53 − 1) is a bigint, and a number whose
 * spelling a double would not give back (`0.10`, thirty digits) is a {@link Decimal}.
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Decimal
  | Date
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

/** A row as callers see it. */
export type Row = Record<string, unknown>;

/** What a column holds. Every kind can also hold null. */
export type DataType =
  /** Nothing is known: each cell tells for itself. */
  | { readonly kind: 'any' }
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  /** −2^63 … 2^63 − 1, as number or bigint. */
  | { readonly kind: 'integer' }
  | { readonly kind: 'float64' }
  /** Digits kept as they are. */
  | { readonly kind: 'decimal'; readonly precision?: number; readonly scale?: number }
  /** A calendar day: a Day, or a Date at midnight UTC. */
  | { readonly kind: 'date' }
  /** A Date; `zoned` is false for wall-clock time without a zone, which is then held as if UTC. */
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zoned: boolean }
  /** A time of day without a date, as text: `12:34:56.789`. */
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | { readonly kind: 'binary' }
  /** Any JSON value. */
  | { readonly kind: 'json' }
  | { readonly kind: 'list'; readonly item: DataType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
  /** An object whose keys differ from row to row. */
  | { readonly kind: 'map'; readonly value: DataType };

export type TimeUnit = 'ms' | 'us' | 'ns';

export interface Column {
  readonly name: string;
  readonly type: DataType;
}

/** The columns in the order of the source. */
export interface Schema {
  readonly columns: readonly Column[];
}

/**
 * Some consecutive rows. It can always be seen as rows; `layout` says what it physically is, so
 * that a writer that understands that layout takes it as it is.
 *
 * A batch is valid until its reader is asked for the next one. Its schema is its own: a later batch
 * may have more columns at the end, or a wider type, than the reader's schema said.
 */
export interface Batch {
  readonly schema: Schema;
  readonly rowCount: number;
  /** Position of the first row among all the rows of the source, from 0. */
  readonly firstRow: number;
  readonly layout: Layout;
  /** The rows by position: cell `i` belongs to `schema.columns[i]`. */
  rows(): Iterable<readonly Value[]>;
}

export type Layout = RowsLayout | CellsLayout | ColumnsLayout;

/** JavaScript values: there is nothing but `rows()`. */
export interface RowsLayout {
  readonly kind: 'rows';
}

/**
 * Cells as slices of the source's bytes, row after row. Cell number `i` is
 * `bytes.subarray(bounds[2 * i], bounds[2 * i + 1])`, and `kinds[i]` says how to read it: see `Kind`
 * and `Hint` in kernel/cell.ts. Ask for the arrays anew after anything asynchronous.
 */
export interface CellsLayout {
  readonly kind: 'cells';
  readonly bytes: Uint8Array;
  readonly bounds: Uint32Array;
  readonly kinds: Uint8Array;
  /** Cells a row. */
  readonly stride: number;
  /** For each column of the schema, the number of its cell in the row. */
  readonly order: readonly number[];
  /** Whether the cells of a row are all there, one behind the other. */
  readonly isInOrder: boolean;
  /** The byte that stands twice for once in cells of the kind `doubled`. */
  readonly quote: number;
  /** The rows as JSON objects, where that is what they are and nothing else was asked for. */
  readonly records?: RecordSlices | undefined;
}

/** Rows as slices of JSON: row number `i` is `bytes.subarray(bounds[2 * i], bounds[2 * i + 1])`. */
export interface RecordSlices {
  readonly bounds: Uint32Array;
  /** The schema that they have. A batch of the same cells with another schema is not these rows. */
  readonly schema: Schema;
}

/** Values column by column, as Parquet and Arrow have them. Nothing is missing: what is not there is null. */
export interface ColumnsLayout {
  readonly kind: 'columns';
  /** In the order of the schema, with `rowCount` values each. */
  readonly columns: readonly ColumnData[];
}

/** The values of a column. What they mean, its type says. */
export type ColumnData =
  /** integer; date: days since 1970. */
  | ({ readonly kind: 'int32'; readonly values: Int32Array } & Nullable)
  /** integer; timestamp and time: since 1970 or midnight, in the unit of the type; decimal: times 10^scale. */
  | ({ readonly kind: 'int64'; readonly values: BigInt64Array } & Nullable)
  | ({ readonly kind: 'float64'; readonly values: Float64Array } & Nullable)
  /** A byte a value, 0 or 1. */
  | ({ readonly kind: 'boolean'; readonly values: Uint8Array } & Nullable)
  | (BytesData & Nullable)
  /** string, binary, json: value `i` is number `indices[i]` of the dictionary. */
  | ({
      readonly kind: 'dictionary';
      readonly indices: Uint32Array;
      readonly dictionary: BytesData;
    } & Nullable)
  /** JavaScript values, for what has no array of its own: lists, objects, decimals of many digits. */
  | { readonly kind: 'values'; readonly values: readonly Value[] };

/** string and binary, and json as its text: value `i` is `bytes.subarray(offsets[i], offsets[i + 1])`, empty for null. */
export interface BytesData {
  readonly kind: 'bytes';
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

interface Nullable {
  /** Bit `i % 8` of byte `i / 8` is 0 where value `i` is null, whatever the arrays have there. Without it none is. */
  readonly validity?: Uint8Array | undefined;
}

/** A type by its name, for `types`. `timestamp` is one with a zone, in microseconds; `text` is `string`. */
export type TypeName =
  | 'infer'
  | 'any'
  | 'text'
  | 'string'
  | 'boolean'
  | 'integer'
  | 'float64'
  | 'decimal'
  | 'date'
  | 'timestamp'
  | 'json';

/** What a reader of any format can be told. */
export interface CommonReadOptions {
  /**
   * The columns to read, in this order; the others are left out. Default all. One that the source does
   * not have is an error.
   */
  readonly columns?: readonly string[];
  /** Rows to leave out at the start. Default 0. */
  readonly skip?: number;
  /** Rows to read at most. Default all. */
  readonly limit?: number;
  /** Rows a batch at most. Default 50,000. */
  readonly batchSize?: number;
  /**
   * Rows to look at for columns and types before the first batch, which are held in memory. Default
   * 1000; Infinity is all.
   */
  readonly scanLimit?: number;
  /**
   * What the columns hold: `text`; or `infer`, by all the cells of the first `scanLimit` rows, losing
   * nothing; or a type by column, with `'*'` for those that are not named.
   */
  readonly types?: 'infer' | 'text' | Readonly<Record<string, TypeName>>;
  /** A cell that is not of its column's type. `widen`: the type gives way, from that row on. Default `error`. */
  readonly onTypeMismatch?: 'error' | 'widen';
  /** Texts that mean null. */
  readonly nullValues?: readonly string[];
  /**
   * Called with a row that cannot be read, and its bytes, which are valid during the call only; the row
   * is then left out, and the rows around it are read. Without it the error is thrown.
   */
  readonly onBadRow?: (error: FormatError, record: Uint8Array) => void;
  /**
   * Called with each row of which an option leaves a part out, by its number from 1, and the column that is
   * concerned where it has a name: cells that are cut, keys that are dropped. The same row may be told of again.
   */
  readonly onPartialRow?: (row: number, column?: string) => void;
}

/** What a writer of any format can be told. */
export interface CommonWriteOptions {
  /**
   * Called with a row that the format cannot hold: its number from 1 and, where the writer has them, its
   * cells in the order of the batch's columns. The row is then left out as a whole. Without it the error
   * is thrown.
   */
  readonly onBadRow?: (error: FormatError, row: number, values?: readonly Value[]) => void;
  /**
   * Called with each row of which an option leaves a part out, by its number from 1, and the column that is
   * concerned where it has a name: values of columns that the file lacks. The same row may be told of again.
   */
  readonly onPartialRow?: (row: number, column?: string) => void;
}

/**
 * Batches in order, to be iterated once. Leaving the loop early ends the source, and so does an error;
 * who asks for the schema only enters the loop and leaves it.
 */
export interface Reader extends AsyncIterable<Batch> {
  /**
   * The columns; reads as much of the source as it takes to know them. After the last batch they are
   * all that there were.
   */
  schema(): Promise<Schema>;
}

export interface Writer {
  /** Takes a batch whole before it resolves. */
  write(batch: Batch): Promise<void>;
  /**
   * Ends the output; without it the output is not complete. A schema given here names the columns
   * of a table without rows, which a format with a header still writes.
   */
  finish(schema?: Schema): Promise<void>;
  /** Gives up what is not finished. Only those have it who hold more than memory, such as a temporary file. */
  discard?(): void;
}

export interface FormatCapabilities {
  readonly read: boolean;
  readonly write: boolean;
  /** Whether the format stores what type a value has; where it does, types are inferred by default. */
  readonly typed: boolean;
  /** Whether a cell can hold lists and objects. */
  readonly nested: boolean;
  /** `required`: the reader takes a {@link RandomAccessSource} only. */
  readonly randomAccess: 'unused' | 'required';
}

/** The names of a format's own options, beside those that all formats have: each of them, and no other. */
export interface OptionNames<ReadOptions, WriteOptions> {
  readonly read: Readonly<Record<Exclude<keyof ReadOptions, keyof CommonReadOptions>, true>>;
  readonly write: Readonly<Record<Exclude<keyof WriteOptions, keyof CommonWriteOptions>, true>>;
}

export interface Format<ReadOptions = never, WriteOptions = never> {
  readonly name: string;
  /** With the dot, lower case: `.csv`. The first is the one to write. */
  readonly extensions: readonly string[];
  readonly mediaTypes: readonly string[];
  /** Bytes that a file of this format begins with, where there are such bytes. */
  readonly magic?: Uint8Array;
  readonly capabilities: FormatCapabilities;
  /** So that a misspelt option can be told. Without it no option counts as unknown. */
  readonly optionNames?: OptionNames<ReadOptions, WriteOptions>;
  createReader(bytes: ByteSource, options?: ReadOptions): Reader;
  createWriter(sink: ByteSink, options?: WriteOptions): Writer;
}

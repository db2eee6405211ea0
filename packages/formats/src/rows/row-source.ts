import type { Column, Value } from '../contract.ts';
import type { FormatError } from '../format-error.ts';

/** A row that cannot be read, in its place among the others. */
export class BadRow {
  readonly error: FormatError;
  /** What it is, for people. */
  readonly record: Uint8Array;

  constructor(error: FormatError, record: Uint8Array) {
    this.error = error;
    this.record = record;
  }
}

/** Some rows that follow each other. */
export interface RowChunk {
  /** Values by the columns of the source; those that are not wanted may be anything. */
  readonly rows: readonly (readonly Value[] | BadRow)[];
  /** All the columns, when there are more of them at the end from here on. */
  readonly columns?: readonly Column[];
}

/** The rows of a file as it has them, before anything is asked of them. */
export interface RowSource {
  /** The columns; reads as much as it takes to know them. */
  open(): Promise<readonly Column[]>;
  /** The rows, once; `wanted` are the numbers of the columns whose values are looked at. */
  chunks(wanted: readonly number[]): AsyncIterable<RowChunk>;
  /** Ends the source of the bytes. */
  close(): Promise<void>;
}

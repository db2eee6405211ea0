import type { ByteSource } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { count } from '../option-checks.ts';
import { ByteCursor, endOfBytes, type RecordLimits } from './byte-cursor.ts';
import { ByteReader } from './byte-reader.ts';
import { type KeyedReadOptions, planKeyed } from './keyed-options.ts';
import type { KeyedRecord, KeyedRecords, KeyedRowsPlan } from './keyed-rows.ts';
import { BadRow } from './row-source.ts';

/** What a reader of records that follow each other in binary can be told. */
export interface SequenceReadOptions extends KeyedReadOptions {
  /** Lists and objects inside each other. Default 256. */
  readonly maxDepth?: number;
  /** Bytes that a record may have. Default 64 MiB. */
  readonly maxRecordBytes?: number;
  /** Values that a record may have. Default 4,000,000. */
  readonly maxRecordValues?: number;
}

/** For the names of a format's options. */
export const sequenceOptionNames = {
  onExtraKey: true,
  maxDepth: true,
  maxRecordBytes: true,
  maxRecordValues: true,
} as const;

export interface SequencePlan extends KeyedRowsPlan, RecordLimits {}

/** @throws {FormatError} BAD_OPTION */
export function planSequence(format: string, options: SequenceReadOptions): SequencePlan {
  return {
    ...planKeyed(format, options),
    maxDepth: count(format, 'maxDepth', options.maxDepth, 256, 1),
    maxRecordBytes: count(format, 'maxRecordBytes', options.maxRecordBytes, 64 * 1024 * 1024, 1),
    maxRecordValues: count(format, 'maxRecordValues', options.maxRecordValues, 4_000_000, 1),
  };
}

/** Knows how records are written. */
export interface RecordDecoder {
  /**
   * The next record; undefined where something else has been read, as the beginning of a list. It is asked
   * again from the same place when the bytes have ended within it.
   */
  next(cursor: ByteCursor): KeyedRecord | undefined;
  /** Whether the file may end behind what has been read. */
  mayEnd(): boolean;
}

/** Records given on at once, at most. */
const mostRecords = 1024;

/** Reads records that follow each other; memory is that of a record, or of a chunk of the source. */
export class RecordSequence implements KeyedRecords {
  readonly #reader: ByteReader;
  readonly #plan: SequencePlan;
  readonly #decoder: RecordDecoder;

  constructor(bytes: ByteSource, plan: SequencePlan, decoder: RecordDecoder) {
    this.#reader = new ByteReader(bytes, plan.format);
    this.#plan = plan;
    this.#decoder = decoder;
  }

  async *chunks(): AsyncGenerator<readonly (KeyedRecord | BadRow)[]> {
    const cursor = new ByteCursor(this.#plan.format, this.#plan);
    let left = 0;
    for (let least = 1; ;) {
      cursor.useBytes(await this.#reader.held(least), this.#reader.position);
      const { length } = cursor.bytes;
      // No more bytes have come.
      if (length === left) break;
      for (let isMore = true; isMore;) {
        const records: (KeyedRecord | BadRow)[] = [];
        const error = this.#decode(cursor, records);
        if (records.length > 0) yield records;
        if (error !== undefined && error !== endOfBytes) throw error;
        isMore = error === undefined && cursor.at < length;
      }
      left = length - cursor.at;
      if (left > this.#plan.maxRecordBytes) throw cursor.tooLarge();
      // Twice as many each time, so that what is read again and again is not long.
      least = cursor.at > 0 ? left + 1 : left * 2;
      this.#reader.pass(cursor.at);
    }
    if (left > 0 || !this.#decoder.mayEnd()) {
      throw new FormatError('TRUNCATED', 'the file ends in the middle', {
        format: this.#plan.format,
        byteOffset: this.#reader.position + left,
        hint: 'it was not written or copied to its end: get it once more',
      });
    }
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  /** Reads what is whole, up to where the cursor then is; gives what went wrong behind it. */
  #decode(cursor: ByteCursor, records: (KeyedRecord | BadRow)[]): unknown {
    let start = cursor.at;
    try {
      while (cursor.at < cursor.bytes.length && records.length < mostRecords) {
        cursor.beginRecord();
        const record = this.#decoder.next(cursor);
        // Also where all of it came at once.
        if (cursor.at - start > this.#plan.maxRecordBytes) throw cursor.tooLarge();
        if (cursor.flaw !== undefined) {
          records.push(new BadRow(cursor.flaw, Uint8Array.from(cursor.bytes.subarray(start, cursor.at))));
        } else if (record !== undefined) records.push(record);
        start = cursor.at;
      }
      return undefined;
    } catch (error) {
      cursor.at = start;
      return error;
    }
  }
}

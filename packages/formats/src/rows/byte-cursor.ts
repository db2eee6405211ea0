import { isUtf8 } from 'node:buffer';

import { FormatError, type FormatErrorCode } from '../format-error.ts';

/** Thrown where bytes end within a value: more of them may come. */
export const endOfBytes = new Error('the bytes end within a value');

/** What a record may be. */
export interface RecordLimits {
  readonly maxDepth: number;
  readonly maxRecordBytes: number;
  readonly maxRecordValues: number;
}

/** Reads values from bytes that are in memory, and keeps to the limits of a record. */
export class ByteCursor {
  readonly #format: string;
  readonly #limits: RecordLimits;
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** Byte of the source that the bytes begin with. */
  #base = 0;
  #depth = 0;
  #values = 0;
  /** What is wrong with the record, though it can be told where the next one begins. */
  flaw: FormatError | undefined;

  constructor(format: string, limits: RecordLimits) {
    this.#format = format;
    this.#limits = limits;
  }

  useBytes(bytes: Buffer, position: number): void {
    this.bytes = bytes;
    this.#base = position;
    this.at = 0;
  }

  beginRecord(): void {
    this.#depth = 0;
    this.#values = 0;
    this.flaw = undefined;
  }

  /** Passes so many bytes, and gives the place of the first. */
  take(length: number): number {
    const { at } = this;
    if (at + length > this.bytes.length) {
      if (length > this.#limits.maxRecordBytes) throw this.tooLarge();
      throw endOfBytes;
    }
    this.at = at + length;
    return at;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw endOfBytes;
    return this.bytes[this.at++]!;
  }

  /** The byte that the next value begins with, which is not passed. */
  peek(): number {
    if (this.at >= this.bytes.length) throw endOfBytes;
    return this.bytes[this.at]!;
  }

  /** So many bytes as text. What is not UTF-8 is a flaw. */
  text(length: number): string {
    const start = this.take(length);
    const text = this.bytes.toString('utf8', start, start + length);
    if (text.includes('\ufffd') && !isUtf8(this.bytes.subarray(start, start + length))) {
      this.addFlaw('INVALID_TEXT', 'a text is not UTF-8', 'have it written as bytes, or repaired', start);
    }
    return text;
  }

  /** A copy of so many bytes. */
  copy(length: number): Uint8Array {
    const start = this.take(length);
    return Uint8Array.from(this.bytes.subarray(start, start + length));
  }

  /** Counts a value. @throws {FormatError} LIMIT */
  countValue(): void {
    if (++this.#values > this.#limits.maxRecordValues) {
      const what = `a record has more than ${this.#limits.maxRecordValues} values`;
      throw this.error('LIMIT', what, 'raise maxRecordValues if the file is to be trusted');
    }
  }

  /** Goes into a list or an object. @throws {FormatError} LIMIT */
  enter(): void {
    if (++this.#depth > this.#limits.maxDepth) {
      const what = `lists and objects are inside each other more than ${this.#limits.maxDepth} times`;
      throw this.error('LIMIT', what, 'raise maxDepth');
    }
  }

  leave(): void {
    this.#depth--;
  }

  addFlaw(code: FormatErrorCode, what: string, hint: string, at = this.at): void {
    this.flaw ??= this.error(code, what, hint, at);
  }

  corrupt(what: string, at = this.at): FormatError {
    return this.error('CORRUPT', what, 'the file is damaged: get it once more from where it came', at);
  }

  error(code: FormatErrorCode, what: string, hint: string, at = this.at): FormatError {
    return new FormatError(code, what, { format: this.#format, byteOffset: this.#base + at, hint });
  }

  tooLarge(): FormatError {
    const what = `a record has more than ${this.#limits.maxRecordBytes} bytes, or says so`;
    return this.error('LIMIT', what, 'raise maxRecordBytes if the file is to be trusted');
  }
}

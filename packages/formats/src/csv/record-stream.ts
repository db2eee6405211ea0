import type { ByteSource } from '../contract.ts';
import { FormatError, type FormatErrorCode, type FormatErrorDetails } from '../format-error.ts';
import { RecordBuffer } from '../record-buffer.ts';
import { LineCounter } from '../source-position.ts';
import { firstInvalidUtf8 } from '../utf8.ts';
import type { ByteDialect } from './dialect.ts';
import { createCellIndex, tokenize } from './tokenizer.ts';

/** Enough that the cost of a run is in its cells, and little enough to stay in the processor's cache. */
const capacity = 256 * 1024;

/**
 * Feeds the tokenizer, which does no I/O, from a source. After `next()` the cells of some records
 * are in `index`, as places in `bytes`; they stay there until `next()` is called again.
 */
export class RecordStream {
  readonly index = createCellIndex();
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #format: string;
  readonly #dialect: ByteDialect;
  readonly #buffer = new RecordBuffer(capacity);
  readonly #lines = new LineCounter();
  #chunk: Uint8Array = new Uint8Array(0);
  #ended = false;
  #started = false;
  /** Where the records of the current run end; the next run begins there. */
  #runEnd = 0;

  constructor(source: ByteSource, format: string, dialect: ByteDialect) {
    this.#source = source[Symbol.asyncIterator]();
    this.#format = format;
    this.#dialect = dialect;
  }

  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  /** Resolves to false when there are no more records. */
  async next(): Promise<boolean> {
    this.#pass();
    for (;;) {
      await this.#fill();
      const { bytes, start, end } = this.#buffer;
      const run = tokenize(bytes, start, end, this.#ended, this.#dialect, this.index);
      this.#runEnd = run.end;
      const invalid = firstInvalidUtf8(bytes, start, run.end);
      if (invalid >= 0) {
        throw this.errorAt(invalid, 'INVALID_UTF8', 'the bytes are not UTF-8', {
          hint: 'give the encoding of the file, such as latin1 or windows-1252',
        });
      }
      if (this.index.records > 0) return true;
      if (run.stop === 'open-quote') {
        throw this.errorAt(run.at, 'OPEN_QUOTE', 'a quote is opened here and never closed');
      }
      if (run.stop === 'text-after-quote') {
        throw this.errorAt(run.at, 'TEXT_AFTER_QUOTE', 'text follows the closing quote of a cell', {
          hint: 'a quote inside a quoted cell is written twice',
        });
      }
      if (this.#ended) return false;
    }
  }

  /** Tells the source that no more of it is wanted. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  errorAt(at: number, code: FormatErrorCode, what: string, details: FormatErrorDetails = {}): FormatError {
    const { line, column } = this.#lines.locate(this.bytes, this.#buffer.start, at);
    return new FormatError(code, `${what} (line ${line}, column ${column})`, {
      ...details,
      format: this.#format,
      line,
      column,
      byteOffset: this.#buffer.offsetOf(at),
    });
  }

  /** Leaves the records of the last run behind. */
  #pass(): void {
    this.#lines.pass(this.bytes, this.#buffer.start, this.#runEnd);
    this.#buffer.start = this.#runEnd;
  }

  /** Reads until the buffer is full or the source has ended. */
  async #fill(): Promise<void> {
    this.#buffer.makeRoom();
    this.#runEnd = this.#buffer.start;
    while (!this.#ended && !this.#buffer.isFull) {
      if (this.#chunk.length === 0) {
        const next = await this.#source.next();
        if (next.done === true) this.#ended = true;
        else this.#chunk = next.value;
      }
      this.#chunk = this.#chunk.subarray(this.#buffer.append(this.#chunk));
      if (!this.#started && (this.#ended || this.#buffer.end >= 3)) this.#skipByteOrderMark();
    }
  }

  #skipByteOrderMark(): void {
    this.#started = true;
    const { bytes, end } = this.#buffer;
    if (end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#buffer.start = 3;
  }
}

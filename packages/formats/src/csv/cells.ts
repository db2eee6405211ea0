import type { RowsAtHand } from '../batch/rows-at-hand.ts';
import type { CommonReadOptions } from '../contract.ts';
import { FormatError, type FormatErrorCode, type FormatErrorDetails } from '../format-error.ts';
import { CellIndex } from '../kernel/cell-index.ts';
import { Kind } from '../kernel/cell.ts';
import { Report, type SimdKernel, Stop } from '../kernel/simd.ts';
import type { Input } from '../source/input.ts';
import { countLines } from '../source/position.ts';
import { firstInvalidUtf8 } from '../source/utf8.ts';
import { type ByteDialect, none } from './dialect.ts';
import { RecordTokenizer } from './record.ts';

/** A byte that is in no UTF-8 text. */
const noByte = 0xff;

export interface RowPolicies {
  readonly format: string;
  readonly onRagged: 'error' | 'pad' | 'truncate' | 'skip';
  readonly onBadRow: CommonReadOptions['onBadRow'];
  readonly onPartialRow: CommonReadOptions['onPartialRow'];
  readonly maxRecordBytes: number;
}

/**
 * Turns what is in memory into rows of cells. The kernel takes the regular records, many at a time;
 * the others are taken one by one, by the policies.
 */
export class CsvCells implements RowsAtHand {
  readonly input: Input;
  readonly index: CellIndex;
  readonly quote: number;
  readonly delimiter: number;
  readonly isInOrder = true;
  readonly hasRecords = false;
  /** Cells a row. */
  width = 0;
  rows = 0;
  /** Position of the first of them in the source. Rows that are left out count. */
  firstRow = 0;
  readonly #dialect: ByteDialect;
  readonly #policies: RowPolicies;
  readonly #records: RecordTokenizer;
  readonly #kernel: SimdKernel | undefined;
  /** Just after the rows, and the line breaks up to there. */
  #end = 0;
  #lines = 0;
  /** Whether the last run ended for want of room in the index. */
  #needsRoom = false;
  /** Whether it ended in front of a record that can be dealt with only once the rows are gone. */
  #isBlocked = false;

  constructor(input: Input, dialect: ByteDialect, policies: RowPolicies) {
    this.input = input;
    this.index = new CellIndex(input.arena);
    // No text holds this byte, so that none is taken for a quote.
    this.quote = dialect.quote === none ? noByte : dialect.quote;
    // Where escapes are taken out, cells end before their delimiters.
    this.delimiter = dialect.escape === none ? dialect.delimiter : 0;
    this.#dialect = dialect;
    this.#policies = policies;
    this.#records = new RecordTokenizer(input.arena, this.index, dialect);
    this.#kernel = isRegular(dialect) ? input.arena.kernel : undefined;
  }

  /**
   * Resolves to whether there are rows: as many as are in memory, and at least `atLeast` unless the
   * source ends before. They are valid until the next call.
   */
  async next(atLeast = 1): Promise<boolean> {
    await this.index.reserve(Math.max(this.input.arena.sizes.cells, this.width));
    this.#pass();
    this.#run(false);
    while (this.rows < atLeast && !this.#isAtEnd && !this.#isBlocked) {
      if (this.#needsRoom) await this.index.reserve(this.index.capacity * 2);
      else await this.#readOn();
      this.#restart();
      this.#run(false);
    }
    this.#records.unescape();
    return this.rows > 0;
  }

  /** The cells of the first record that has any, however many they are. It is not passed. */
  async peek(): Promise<number> {
    await this.index.reserve(this.input.arena.sizes.cells);
    for (;;) {
      this.#pass();
      const { start, end, ended } = this.input;
      const outcome = start < end ? this.#records.next(start, end, ended) : 'unfinished';
      if (outcome === 'cells') {
        this.#checkUtf8(start, this.#records.end);
        if (!this.#records.isBlank(0)) return this.index.count;
      }
      if (outcome === 'cells' || outcome === 'comment') this.passRecord();
      else if (outcome === 'no-room') await this.index.reserve(this.index.capacity * 2);
      else if (outcome !== 'unfinished') throw this.#recordError(outcome);
      else if (ended) return 0;
      else await this.#readOn();
    }
  }

  /** Makes the cells that were peeked at readable. Their record has to be passed then. */
  readPeeked(): void {
    this.#records.unescape();
  }

  /** Passes the record that was peeked at. */
  passRecord(): void {
    this.#end = this.#records.end;
    this.#lines = this.#records.lines;
    this.#pass();
  }

  errorAt(place: number, code: FormatErrorCode, what: string, details: FormatErrorDetails = {}): FormatError {
    return new FormatError(code, what, {
      ...details,
      ...this.input.locate(place),
      format: this.#policies.format,
    });
  }

  get #isAtEnd(): boolean {
    return this.input.ended && this.#end === this.input.end;
  }

  async #readOn(): Promise<void> {
    const { start, end } = this.input;
    if (this.rows === 0 && end - start >= this.#policies.maxRecordBytes) {
      throw this.errorAt(start, 'LIMIT', `a record of more than ${this.#policies.maxRecordBytes} bytes`, {
        hint: 'look for a quote that is not closed, or raise maxRecordBytes',
      });
    }
    await this.input.fill();
    this.#restart();
  }

  /** Leaves the rows behind. */
  #pass(): void {
    if (this.#end > this.input.start) this.input.pass(this.#end, this.#lines);
    this.firstRow += this.rows;
    this.#restart();
  }

  #restart(): void {
    this.index.count = 0;
    this.rows = 0;
    this.#end = this.input.start;
    this.#lines = 0;
    this.#needsRoom = false;
    this.#isBlocked = false;
  }

  /** Takes the rows that are in memory. `carefully`: one by one, to see which is not UTF-8. */
  #run(carefully: boolean): void {
    const { input, index, width } = this;
    while (this.#end < input.end) {
      if (this.#kernel !== undefined && !carefully) {
        const { pairsAt, kindsAt, count, room } = index;
        const { delimiter } = this.#dialect;
        const stop = this.#kernel.tokenizeCsv(
          this.#end,
          input.end,
          width,
          delimiter,
          this.quote,
          pairsAt + count * 8,
          kindsAt + count,
          room,
        );
        const { words } = input.arena;
        const rows = words[Report.rows]!;
        this.#end = words[Report.end]!;
        this.#lines += words[Report.lines]!;
        this.rows += rows;
        index.count += rows * width;
        this.#needsRoom = stop === Stop.noRoom;
        if (stop === Stop.noRoom) break;
        if (stop === Stop.done && (!input.ended || this.#end === input.end)) break;
      }
      if (!this.#takeRecord(carefully)) break;
    }
    if (!carefully && firstInvalidUtf8(input.arena.bytes, input.start, this.#end) >= 0) {
      this.#restart();
      this.#run(true);
    }
  }

  /** Takes one record. False where the run ends in front of it. */
  #takeRecord(carefully: boolean): boolean {
    const { input, index, width } = this;
    const before = index.count;
    const start = this.#end;
    const outcome = this.#records.next(start, input.end, input.ended);
    this.#needsRoom = outcome === 'no-room';
    if (outcome === 'unfinished' || outcome === 'no-room') return false;
    if (outcome === 'open-quote' || outcome === 'text-after-quote') {
      const error = this.#recordError(outcome, this.firstRow + this.rows + 1);
      if (this.rows > 0 || this.#policies.onBadRow === undefined) return this.#reject(error, start);
      const next = outcome === 'open-quote' ? input.end : input.afterLine(this.#records.at);
      return next !== undefined && this.#reject(error, next);
    }
    if (carefully) {
      const error = this.#utf8Error(start, this.#records.end);
      if (error !== undefined) {
        index.count = before;
        return this.#reject(error, this.#records.end);
      }
    }
    const cells = index.count - before;
    if (outcome === 'cells' && (width === 1 || !this.#records.isBlank(before)) && !this.#fit(before, cells)) {
      const error = this.#raggedError(before, cells);
      index.count = before;
      return this.#reject(error, this.#records.end, this.#policies.onRagged === 'skip');
    }
    if (index.count === before + width) this.rows++;
    else index.count = before;
    this.#end = this.#records.end;
    this.#lines += this.#records.lines;
    return true;
  }

  /** Makes a row have its number of cells, where the policy is to. False where it has not. */
  #fit(before: number, cells: number): boolean {
    const { index, width } = this;
    const { onRagged } = this.#policies;
    if (cells < width) {
      if (onRagged !== 'pad' && onRagged !== 'truncate') return false;
      if (index.room < width - cells) return false;
      const { end } = this.#records;
      while (index.count < before + width) index.add(end, end, Kind.null);
    } else if (cells > width) {
      if (onRagged !== 'truncate') return false;
      index.count = before + width;
      this.#policies.onPartialRow?.(this.firstRow + this.rows + 1);
    }
    return true;
  }

  /** Throws, or leaves a record out; but only once the rows in front of it are gone. */
  #reject(error: FormatError, end: number, skip = false): boolean {
    this.#isBlocked = this.rows > 0;
    if (this.#isBlocked) return false;
    const { onBadRow } = this.#policies;
    if (onBadRow === undefined && !skip) throw error;
    onBadRow?.(error, this.input.arena.bytes.subarray(this.#end, end));
    this.#lines += countLines(this.input.arena.bytes, this.#end, end, 'any');
    this.input.pass(end, this.#lines);
    this.firstRow++;
    this.#restart();
    return true;
  }

  #checkUtf8(start: number, end: number): void {
    const error = this.#utf8Error(start, end);
    if (error !== undefined) throw error;
  }

  #utf8Error(start: number, end: number): FormatError | undefined {
    const invalid = firstInvalidUtf8(this.input.arena.bytes, start, end);
    if (invalid < 0) return undefined;
    return this.errorAt(invalid, 'INVALID_TEXT', 'the bytes are not UTF-8', {
      row: this.firstRow + this.rows + 1,
      hint: 'give the encoding that the file has, such as latin1 or windows-1252',
    });
  }

  #recordError(outcome: 'open-quote' | 'text-after-quote', row?: number): FormatError {
    const where = row === undefined ? {} : { row };
    if (outcome === 'open-quote') {
      return this.errorAt(this.#records.at, 'OPEN_QUOTE', 'a quote is opened here and never closed', {
        ...where,
        hint: 'close it, or read the file with another quote',
      });
    }
    return this.errorAt(this.#records.at, 'TEXT_AFTER_QUOTE', 'text follows the closing quote of a cell', {
      ...where,
      hint: 'a quote inside a quoted cell is written twice',
    });
  }

  #raggedError(before: number, cells: number): FormatError {
    const { words } = this.input.arena;
    const odd = Math.min(this.width, cells - 1);
    const place = words[(this.index.pairsAt >>> 2) + (before + odd) * 2]!;
    return this.errorAt(place, 'RAGGED_ROW', `a row of ${cells} cells in a table of ${this.width} columns`, {
      row: this.firstRow + this.rows + 1,
      hint: 'check the delimiter and the quotes of this line, or say what to do with onRagged',
    });
  }
}

/** Whether the kernel knows the dialect. */
function isRegular(dialect: ByteDialect): boolean {
  // A delimiter that may be part of a number would end no number.
  const isOfNumber = '0123456789+-.eE'.includes(String.fromCharCode(dialect.delimiter));
  return dialect.escape === none && dialect.comment === none && !isOfNumber;
}

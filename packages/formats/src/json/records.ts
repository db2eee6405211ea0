import type { RowsAtHand } from '../batch/rows-at-hand.ts';
import type { CommonReadOptions } from '../contract.ts';
import { FormatError, type FormatErrorCode, type FormatErrorDetails } from '../format-error.ts';
import { Hint, Kind } from '../kernel/cell.ts';
import { CellIndex } from '../kernel/cell-index.ts';
import { Report, Stop } from '../kernel/simd.ts';
import type { Input } from '../source/input.ts';
import { firstInvalidUtf8 } from '../source/utf8.ts';
import type { ColumnTable } from './column-table.ts';
import { excerptBytes, JsonScanner, JsonSyntaxError } from './scanner.ts';

const comma = 0x2c;
const closeBracket = 0x5d;

/** Of the kernel's tokenizeJson. */
const Mode = { items: 1, drop: 2 } as const;

/** How records follow each other: on lines, in a list with commas between, or not, being the only one. */
export type Sequence = 'lines' | 'items' | 'single';

export interface RecordPolicies {
  readonly format: string;
  readonly maxDepth: number;
  readonly maxColumns: number;
  readonly maxRecordBytes: number;
  readonly onExtraKey: 'extend' | 'error' | 'drop';
  readonly onBadRow: CommonReadOptions['onBadRow'];
  readonly onPartialRow: CommonReadOptions['onPartialRow'];
}

/**
 * Turns what is in memory into rows of cells. The kernel takes the regular records, many at a time;
 * the others are taken one by one: new keys, escaped keys, the last line, errors.
 */
export class JsonRecords implements RowsAtHand {
  readonly input: Input;
  readonly index: CellIndex;
  readonly columns: ColumnTable;
  /** Nothing is doubled. */
  readonly quote = 0;
  readonly delimiter = 0;
  readonly isInOrder = false;
  readonly hasRecords: boolean;
  rows = 0;
  /** Position of the first of them in the source. Rows that are left out count. */
  firstRow = 0;
  /** Whether a bracket has closed the list. */
  isClosed = false;
  sequence: Sequence;
  readonly #policies: RecordPolicies;
  /** Just after the rows, and the line breaks up to there. */
  #end = 0;
  #lines = 0;
  #needsRoom = false;
  /** Whether the last run ended in front of a record that can be dealt with only once the rows are gone. */
  #isBlocked = false;

  constructor(input: Input, columns: ColumnTable, sequence: Sequence, policies: RecordPolicies) {
    this.input = input;
    this.index = new CellIndex(input.arena, true);
    this.columns = columns;
    this.sequence = sequence;
    this.#policies = policies;
    // An object with keys that are left out is not its row.
    this.hasRecords = policies.onExtraKey !== 'drop';
  }

  get width(): number {
    return this.columns.count;
  }

  /**
   * Resolves to whether there are rows: as many as are in memory, and at least `atLeast` unless the source ends before,
   * or one comes that cannot be read or has other columns. They are valid until the next call.
   */
  async next(atLeast = 1): Promise<boolean> {
    await this.index.reserve(Math.max(this.input.arena.sizes.cells, this.columns.count));
    this.pass();
    await this.columns.settle();
    this.#run(false);
    while (this.rows < atLeast && !this.isClosed && !this.#isAtEnd && !this.#isBlocked) {
      if (this.#needsRoom) await this.index.reserve(Math.max(this.index.capacity * 2, this.columns.count));
      else if (!this.columns.isSettled) await this.columns.settle();
      else await this.readOn();
      this.#restart();
      this.#run(false);
    }
    if (this.rows === 0 && this.sequence === 'items' && !this.isClosed) {
      throw this.errorAt(this.input.end, 'INVALID_JSON', 'the list is not closed');
    }
    return this.rows > 0;
  }

  /** Reads more, where nothing whole is in memory. */
  async readOn(): Promise<void> {
    const { start, end } = this.input;
    if (this.rows === 0 && end - start >= this.#policies.maxRecordBytes) {
      throw this.errorAt(start, 'LIMIT', `a record of more than ${this.#policies.maxRecordBytes} bytes`, {
        hint: 'raise maxRecordBytes',
      });
    }
    await this.input.fill();
    this.#restart();
  }

  errorAt(place: number, code: FormatErrorCode, what: string, details: FormatErrorDetails = {}): FormatError {
    return new FormatError(code, what, {
      ...details,
      ...this.input.locate(place),
      format: this.#policies.format,
    });
  }

  /** Throws when there are too many columns. */
  checkColumns(count: number, place: number, details: FormatErrorDetails = {}): void {
    const { maxColumns } = this.#policies;
    if (count <= maxColumns) return;
    throw this.errorAt(place, 'LIMIT', `more than ${maxColumns} different keys`, {
      ...details,
      hint: 'if each row has keys of its own, they are no columns; else raise maxColumns',
    });
  }

  /** Leaves the rows behind. */
  pass(): void {
    this.#passInput();
    this.firstRow += this.rows;
    this.#restart();
  }

  #passInput(): void {
    if (this.#end <= this.input.start) return;
    if (this.sequence === 'lines') this.input.pass(this.#end, this.#lines);
    else this.input.passWithin(this.#end);
  }

  /** Whether the kernel knows the case. */
  get #isRegular(): boolean {
    return this.columns.count > 0 && this.sequence !== 'single';
  }

  /** Whether keys that are no columns may be passed over without a look at them. */
  get #dropsUntold(): boolean {
    const { onExtraKey, onPartialRow } = this.#policies;
    return onExtraKey === 'drop' && onPartialRow === undefined;
  }

  get #isAtEnd(): boolean {
    return this.input.ended && this.#end === this.input.end;
  }

  #restart(): void {
    this.index.count = 0;
    this.rows = 0;
    this.isClosed = false;
    this.#end = this.input.start;
    this.#lines = 0;
    this.#needsRoom = false;
    this.#isBlocked = false;
  }

  /** Takes the rows that are in memory. `carefully`: one by one, to see which is not UTF-8. */
  #run(carefully: boolean): void {
    const { input, index, columns } = this;
    while (this.#end < input.end && !this.isClosed) {
      if (input.arena.kernel !== undefined && this.#isRegular && !carefully) {
        const { pairsAt, kindsAt, count, room } = index;
        const stop = input.arena.kernel.tokenizeJson(
          this.#end,
          input.end,
          (this.sequence === 'lines' ? 0 : Mode.items) |
            (this.#dropsUntold && columns.isPlain ? Mode.drop : 0),
          columns.keysAt,
          columns.count,
          this.#policies.maxDepth,
          pairsAt + count * 8,
          kindsAt + count,
          index.recordsAt + this.rows * 8,
          room,
        );
        const { words } = input.arena;
        this.#take(words[Report.end]!, words[Report.rows]!, words[Report.lines]!);
        index.count += words[Report.rows]! * columns.count;
        this.#needsRoom = stop === Stop.noRoom;
        this.isClosed = stop === Stop.closed;
        if (stop !== Stop.irregular) break;
      }
      if (!this.#takeRecord(carefully)) break;
    }
    if (!carefully && firstInvalidUtf8(input.arena.bytes, input.start, this.#end) >= 0) {
      this.#restart();
      this.#run(true);
    }
  }

  #take(end: number, rows: number, lines: number): void {
    this.#end = end;
    this.rows += rows;
    this.#lines += lines;
  }

  /** Takes one record. False where the run ends in front of it. */
  #takeRecord(carefully: boolean): boolean {
    const { input, index } = this;
    const { bytes } = input.arena;
    const start = this.#end;
    const lineFeed = this.sequence === 'lines' ? bytes.subarray(0, input.end).indexOf(10, start) : -1;
    const hasEnd = lineFeed >= 0 || input.ended;
    if (this.sequence === 'lines' && !hasEnd) return false;
    const end = lineFeed >= 0 ? lineFeed : input.end;
    const next = lineFeed >= 0 ? lineFeed + 1 : input.end;
    const scanner = new JsonScanner(bytes, end, this.#policies.maxDepth);
    try {
      const recordStart = scanner.space(start);
      if (this.sequence === 'lines' && recordStart === end) {
        this.#take(next, 0, lineFeed >= 0 ? 1 : 0);
        return true;
      }
      if (carefully) this.#checkUtf8(recordStart, end, scanner);
      if (index.room < this.columns.count) {
        this.#needsRoom = true;
        return false;
      }
      const cells = this.#cellsOf(recordStart, scanner);
      if (cells === undefined) return false;
      const after = scanner.space(cells.end);
      if (this.sequence === 'lines') {
        if (after < end) throw scanner.unexpected(after, 'the end of the line');
      } else if (this.sequence === 'single') this.isClosed = true;
      else if (scanner.byteAt(after) === closeBracket) this.isClosed = true;
      else if (scanner.byteAt(after) !== comma)
        throw scanner.unexpected(after, 'a comma or a closing bracket');
      for (let i = 0; i < this.columns.count; i++) {
        index.add(cells.starts[i] ?? 0, cells.ends[i] ?? 0, cells.kinds[i] ?? Kind.missing);
      }
      index.setRecord(this.rows, recordStart, cells.end);
      this.#take(this.#afterRecord(after, next), 1, lineFeed >= 0 ? 1 : 0);
      return true;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError || error instanceof FormatError)) throw error;
      // The record goes on after the end of what is in memory, or the text that is not it.
      if (error instanceof JsonSyntaxError && error.at + excerptBytes > end && !hasEnd) return false;
      if (this.sequence === 'lines') return this.#reject(error, start, next);
      const after = this.#afterItem(start, scanner);
      return after !== 'unfinished' && this.#reject(error, scanner.space(start), after);
    }
  }

  #afterRecord(after: number, nextLine: number): number {
    if (this.sequence === 'lines') return nextLine;
    return this.sequence === 'items' ? after + 1 : after;
  }

  /** Just after an item and what follows it; undefined when it is not JSON, and nobody knows where it ends. */
  #afterItem(start: number, scanner: JsonScanner): number | 'unfinished' | undefined {
    const { end: limit, ended } = this.input;
    try {
      const end = scanner.space(scanner.value(scanner.space(start), 0));
      const follows = scanner.byteAt(end);
      if (follows === undefined && !ended) return 'unfinished';
      return follows === comma || follows === closeBracket ? end + 1 : undefined;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return error.at >= limit && !ended ? 'unfinished' : undefined;
    }
  }

  /** The cells of the record by column; undefined when a new column has to be settled first. */
  #cellsOf(start: number, scanner: JsonScanner) {
    const { columns, input } = this;
    const { bytes } = input.arena;
    const row = this.firstRow + this.rows + 1;
    if (scanner.byteAt(start) !== 0x7b) {
      scanner.value(start, 0);
      throw this.errorAt(start, 'NOT_AN_OBJECT', 'a row has to be an object with the columns as keys', {
        row,
      });
    }
    const starts: number[] = [];
    const ends: number[] = [];
    const kinds: number[] = [];
    const added = new Map<string, Buffer>();
    const end = scanner.members(start, 0, (key, value) => {
      const keyEnd = scanner.string(key);
      const name = String(JSON.parse(bytes.toString('utf8', key, keyEnd)));
      scanner.isLoose = false;
      const after = scanner.value(value, 1);
      const column = columns.numberOf(name);
      if (column === undefined ? added.has(name) : kinds[column] !== undefined) {
        throw this.errorAt(key, 'DUPLICATE_KEY', `the key ${JSON.stringify(name)} is there twice`, {
          row,
          field: name,
          hint: 'a record with a key twice has no one value for it',
        });
      }
      if (column === undefined) {
        if (this.#isNew(key, name, row)) added.set(name, bytes.subarray(key, keyEnd));
        return after;
      }
      const isString = bytes[value] === 0x22;
      starts[column] = isString ? value + 1 : value;
      ends[column] = isString ? after - 1 : after;
      kinds[column] = kindOf(bytes[value]!, scanner.isLoose);
      return after;
    });
    if (added.size === 0) return { starts, ends, kinds, end };
    this.checkColumns(columns.count + added.size, start, { row });
    // Rows in front of it have fewer columns, and go first.
    this.#isBlocked = this.rows > 0;
    if (this.rows === 0) for (const [name, key] of added) columns.add(name, key);
    return undefined;
  }

  #isNew(key: number, name: string, row: number): boolean {
    if (this.#policies.onExtraKey === 'extend') return true;
    if (this.#policies.onExtraKey === 'drop') {
      this.#policies.onPartialRow?.(row, name);
      return false;
    }
    throw this.errorAt(key, 'EXTRA_KEY', `no row before had the key ${JSON.stringify(name)}`, {
      row,
      field: name,
      hint: `look at more rows for columns with scanLimit, or say what to do with onExtraKey`,
    });
  }

  #checkUtf8(start: number, end: number, scanner: JsonScanner): void {
    const recordEnd = this.sequence === 'lines' ? end : scanner.value(start, 0);
    const invalid = firstInvalidUtf8(this.input.arena.bytes, start, recordEnd);
    if (invalid < 0) return;
    throw this.errorAt(invalid, 'INVALID_TEXT', 'the bytes are not UTF-8', {
      row: this.firstRow + this.rows + 1,
      hint: 'give the encoding that the file has, such as latin1 or windows-1252',
    });
  }

  /** Throws, or leaves a line out; but only once the rows in front of it are gone. */
  #reject(cause: JsonSyntaxError | FormatError, start: number, next: number | undefined): boolean {
    this.#isBlocked = this.rows > 0;
    if (this.#isBlocked) return false;
    const row = this.firstRow + 1;
    const error =
      cause instanceof FormatError ? cause : this.errorAt(cause.at, 'INVALID_JSON', cause.message, { row });
    if (this.#policies.onBadRow === undefined || next === undefined) throw error;
    const { bytes } = this.input.arena;
    this.#policies.onBadRow(error, bytes.subarray(start, next));
    this.#take(next, 0, 1);
    this.#passInput();
    this.firstRow++;
    this.#restart();
    this.isClosed = this.sequence === 'items' && bytes[next - 1] === closeBracket;
    return true;
  }
}

function kindOf(first: number, isLoose: boolean): number {
  if (first === 0x22) return isLoose ? Kind.escaped : Kind.text;
  if (first === 0x7b || first === 0x5b) return isLoose ? Kind.nested | Hint.special : Kind.nested;
  return first === 0x6e ? Kind.null : Kind.literal;
}

import type { Arena } from '../kernel/arena.ts';
import { Hint, Kind } from '../kernel/cell.ts';
import type { CellIndex } from '../kernel/cell-index.ts';
import { isLineEnd } from '../source/position.ts';
import { type ByteDialect, none } from './dialect.ts';

const LF = 10;
const CR = 13;
const backslash = 92;
const jsonQuote = 34;

/** Of a cell with escapes that have not been taken out yet: a hint of this file's own. */
const withEscapes = 32;

/** What there is at some place of delimited text. */
export type RecordOutcome =
  | 'cells'
  | 'comment'
  /** The record goes on after the end of what is in memory. */
  | 'unfinished'
  | 'no-room'
  | 'open-quote'
  | 'text-after-quote';

/**
 * Tells the cells of delimited text apart, a record at a time, byte for byte. This is the reference
 * for what the kernel does many records at a time, and it does what the kernel leaves: bare quotes,
 * escapes, comments, the last record, errors.
 */
export class RecordTokenizer {
  readonly #arena: Arena;
  readonly #index: CellIndex;
  readonly #dialect: ByteDialect;
  /** Just after the record and its line break. */
  end = 0;
  /** Line breaks in the record, that which ends it included. */
  lines = 0;
  /** Where the trouble is. */
  at = 0;

  constructor(arena: Arena, index: CellIndex, dialect: ByteDialect) {
    this.#arena = arena;
    this.#index = index;
    this.#dialect = dialect;
  }

  /**
   * Adds the cells of the record at `start` to the index, whatever their number. `last` says that
   * nothing follows `end`.
   */
  next(start: number, end: number, last: boolean): RecordOutcome {
    const { bytes } = this.#arena;
    const { delimiter, quote, escape, comment } = this.#dialect;
    const index = this.#index;
    const before = index.count;
    let p = start;
    this.lines = 0;
    if (bytes[p] === comment) {
      while (p < end && bytes[p] !== LF && bytes[p] !== CR) p++;
      return this.#endLine(p, end, last) ? 'comment' : 'unfinished';
    }
    for (;;) {
      let kind: number = Kind.text;
      let cellStart = p;
      if (p < end && bytes[p] === quote) {
        kind = Hint.quoted;
        cellStart = ++p;
        let closed = false;
        while (p < end) {
          const byte = bytes[p]!;
          if (byte === escape) {
            if (p + 1 >= end) break;
            kind |= withEscapes;
            p++;
            if (isLineEnd(bytes, p, 'any')) this.lines++;
          } else if (byte === quote) {
            if (bytes[p + 1] !== quote || p + 1 >= end) {
              closed = true;
              break;
            }
            kind |= Kind.doubled;
            p++;
          } else if (byte < 32 || byte === backslash || byte === jsonQuote) {
            kind |= Hint.special;
            if (isLineEnd(bytes, p, 'any')) this.lines++;
          }
          p++;
        }
        // A quote at the end of what there is may be the first of two.
        if (!last && p + 1 >= end) return this.#undo(before, 'unfinished');
        if (!closed) return this.#fail(before, 'open-quote', cellStart - 1);
        if (!this.#add(cellStart, p, kind)) return this.#undo(before, 'no-room');
        p++;
        if (p < end && bytes[p] !== delimiter && bytes[p] !== LF && bytes[p] !== CR) {
          return this.#fail(before, 'text-after-quote', p);
        }
      } else {
        while (p < end) {
          const byte = bytes[p]!;
          if (byte === delimiter || byte === LF || byte === CR) break;
          if (byte === escape && p + 1 < end) {
            kind |= withEscapes;
            p++;
            if (isLineEnd(bytes, p, 'any')) this.lines++;
          } else if (byte < 32 || byte === backslash || byte === jsonQuote) kind |= Hint.special;
          p++;
        }
        if (!this.#add(cellStart, p, kind)) return this.#undo(before, 'no-room');
      }
      if (p >= end || bytes[p] !== delimiter) break;
      p++;
    }
    if (!this.#endLine(p, end, last)) return this.#undo(before, 'unfinished');
    return 'cells';
  }

  /** Whether the index has one cell after `before`, empty and not in quotes. */
  isBlank(before: number): boolean {
    const { bytes, words } = this.#arena;
    const word = (this.#index.pairsAt >>> 2) + before * 2;
    return (
      this.#index.count === before + 1 &&
      words[word] === words[word + 1] &&
      bytes[this.#index.kindsAt + before] === Kind.text
    );
  }

  /** Steps over the line break at `p`. False when more has to be seen of it. */
  #endLine(p: number, end: number, last: boolean): boolean {
    const { bytes } = this.#arena;
    this.end = p;
    if (p >= end) return last;
    this.lines++;
    if (bytes[p] === CR) {
      if (p + 1 >= end && !last) return false;
      this.end = p + 1 < end && bytes[p + 1] === LF ? p + 2 : p + 1;
    } else this.end = p + 1;
    return true;
  }

  #add(start: number, end: number, kind: number): boolean {
    if (this.#index.room === 0) return false;
    this.#index.add(start, end, kind);
    return true;
  }

  #undo(count: number, outcome: RecordOutcome): RecordOutcome {
    this.#index.count = count;
    return outcome;
  }

  #fail(count: number, outcome: RecordOutcome, at: number): RecordOutcome {
    this.at = at;
    return this.#undo(count, outcome);
  }

  /**
   * Takes the escapes out of the cells in the index, in place. The bytes are not the source's any more
   * then, so it has to be the last thing that is done with them.
   */
  unescape(): void {
    const { bytes, words } = this.#arena;
    const { quote, escape, nulls } = this.#dialect;
    if (escape === none) return;
    for (let cell = 0; cell < this.#index.count; cell++) {
      const kindAt = this.#index.kindsAt + cell;
      const kind = bytes[kindAt]!;
      if ((kind & withEscapes) === 0) continue;
      const word = (this.#index.pairsAt >>> 2) + cell * 2;
      const start = words[word]!;
      const end = words[word + 1]!;
      const isQuoted = (kind & Hint.quoted) !== 0;
      bytes[kindAt] = kind & ~withEscapes;
      if (!isQuoted && nulls.some((text) => text.equals(bytes.subarray(start, end)))) continue;
      let out = start;
      for (let p = start; p < end; p++) {
        const byte = bytes[p]!;
        if (byte === escape && p + 1 < end) p++;
        else if (isQuoted && byte === quote) p++;
        bytes[out++] = bytes[p]!;
      }
      words[word + 1] = out;
      // What is left over may be part of a character, and the row is decoded as a whole.
      bytes.fill(32, out, end);
      const text = bytes.subarray(start, out);
      const isSpecial = text.some((byte) => byte < 32 || byte === backslash || byte === jsonQuote);
      bytes[kindAt] = (isQuoted ? Hint.quoted : 0) | (isSpecial ? Hint.special : 0);
    }
  }
}

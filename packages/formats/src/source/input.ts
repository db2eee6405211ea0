import type { Arena } from '../kernel/arena.ts';
import {
  countCharacters,
  countLines,
  type LineEnds,
  lineOf,
  type LinePlace,
  type TextPosition,
} from './position.ts';
import type { Ended } from './ended.ts';
import type { Utf8Source } from './utf8-source.ts';

const LF = 10;
const CR = 13;

/** Bytes after the end that the kernel may look at; they are zero. */
const margin = 64;

/**
 * The part of a source that is in memory. Bytes are read at the end and passed at the start, a record
 * at a time; there is more room only when a record does not fit.
 */
export class Input {
  readonly arena: Arena;
  /** Place in the arena of the first byte that is not passed. */
  start = 0;
  /** Just after the last byte. */
  end = 0;
  /** Whether the source has ended, so that nothing follows `end`. */
  ended = false;
  readonly #source: Utf8Source;
  readonly #lineEnds: LineEnds;
  readonly #chunks: Ended<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  /** What has gone wrong behind the bytes that there are. */
  #failure: unknown;
  #isUsed = false;
  /** The region. */
  #at = 0;
  #capacity = 0;
  /** Position of `start` in the source. */
  #offset = 0;
  #line = 1;
  /** Characters of that line before `start`. */
  #before = 0;
  /** The line that was located last. */
  #located: LinePlace = { line: 1, lineStart: -1 };

  /** `lineEnds`: whether a carriage return by itself ends a line, too. */
  constructor(source: Utf8Source, arena: Arena, lineEnds: LineEnds) {
    this.#source = source;
    this.#lineEnds = lineEnds;
    this.#chunks = source[Symbol.asyncIterator]();
    this.arena = arena;
  }

  /**
   * Reads until there is no more room, or the source has ended. Passing nothing between two calls
   * asks for more room.
   */
  async fill(): Promise<void> {
    await this.#makeRoom();
    const from = this.end;
    const limit = this.#at + this.#capacity;
    while (!this.ended && this.end < limit) {
      if (this.#chunk.length === 0 && !(await this.#nextChunk(this.end > from))) break;
      const taken = this.#chunk.subarray(0, limit - this.end);
      this.arena.bytes.set(taken, this.end);
      this.end += taken.length;
      this.#chunk = this.#chunk.subarray(taken.length);
    }
    this.arena.bytes.fill(0, this.end, this.end + margin);
  }

  /** False where there is none. What goes wrong is not said before that has been looked at which has come before. */
  async #nextChunk(hasMore: boolean): Promise<boolean> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const { done, value } = await this.#chunks.next();
      this.ended = done === true;
      if (done !== true) this.#chunk = value;
      return done !== true;
    } catch (error) {
      if (!hasMore) throw error;
      this.#failure = error;
      return false;
    }
  }

  /** Leaves everything before `place` behind, with `lines` line breaks in it. A line begins there. */
  pass(place: number, lines: number): void {
    this.#before = 0;
    this.#offset += place - this.start;
    this.#line += lines;
    this.start = place;
  }

  /** Leaves everything before `place` behind, where no line has to begin; lines end in line feeds alone. */
  passWithin(place: number): void {
    const { bytes, kernel } = this.arena;
    const { start } = this;
    const lines = kernel?.countLineFeeds(start, place) ?? countLines(bytes, start, place, 'LF');
    const lineStart = lines === 0 ? start : bytes.lastIndexOf(10, place - 1) + 1;
    const before = lines === 0 ? this.#before : 0;
    this.pass(place, lines);
    this.#before =
      before + (kernel?.countCharacters(lineStart, place) ?? countCharacters(bytes, lineStart, place));
  }

  /** Passes that many lines, or as many as there are. */
  async skipLines(count: number): Promise<void> {
    for (let skipped = 0; skipped < count && !(this.ended && this.start === this.end);) {
      const after = this.afterLine(this.start);
      if (after === undefined) await this.fill();
      else {
        this.pass(after, countLines(this.arena.bytes, this.start, after, this.#lineEnds));
        skipped++;
      }
    }
  }

  /** Just after the line that `place` is in, and what ends it; undefined where that is yet to be read. */
  afterLine(place: number): number | undefined {
    const { bytes } = this.arena;
    let p = place;
    while (p < this.end && bytes[p] !== LF && (bytes[p] !== CR || this.#lineEnds === 'LF')) p++;
    // A carriage return at the end of what there is may be the first half.
    const isSeen = p + 1 < this.end || (p < this.end && bytes[p] === LF);
    if (!isSeen && !this.ended) return undefined;
    if (bytes[p] === CR && p + 1 < this.end && bytes[p + 1] === LF) p++;
    return Math.min(p + 1, this.end);
  }

  /** Where a place is in the source. */
  locate(place: number): TextPosition & { readonly byteOffset?: number } {
    const { bytes } = this.arena;
    const { lineStart: knownStart } = this.#located;
    // Whoever asks for many places asks for them in order.
    const isAhead = knownStart >= this.start && knownStart <= place;
    const from = isAhead ? this.#located : { line: this.#line, lineStart: this.start };
    const { line, lineStart } = (this.#located = lineOf(bytes, from, place, this.#lineEnds));
    const before = line === this.#line ? this.#before : 0;
    const position = { line, column: 1 + before + countCharacters(bytes, lineStart, place) };
    if (this.#source.isTranscoded) return position;
    return { ...position, byteOffset: this.#source.markLength + this.#offset + place - this.start };
  }

  /** Throws when it has been called before: what has been passed is gone. */
  useOnce(): void {
    if (this.#isUsed) throw new TypeError('a reader is iterated once; make another one for another pass');
    this.#isUsed = true;
  }

  /** Tells the source that no more of it is wanted, and gives the memory back. */
  async close(): Promise<void> {
    this.arena.release();
    if (this.ended) return;
    this.ended = true;
    await this.#chunks.return();
  }

  async #makeRoom(): Promise<void> {
    const size = this.end - this.start;
    const from = this.start;
    if (size === this.#capacity) {
      this.#capacity = Math.max(this.arena.sizes.windowBytes, this.#capacity * 2);
      this.#at = await this.arena.allocate(this.#capacity + margin);
    }
    this.arena.bytes.copyWithin(this.#at, from, from + size);
    this.#located = { line: 1, lineStart: -1 };
    this.start = this.#at;
    this.end = this.#at + size;
  }
}

import { FormatError } from '@x/formats';
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';

import { format, type ReadPlan } from '../options.ts';
import { LineScanner } from './line-scanner.ts';

/** A part of a document that is parsed by itself: a row with all that is below its header, or what is in front of them. */
export interface Piece {
  readonly text: string;
  /** Line of the document that it begins in, from 1. */
  readonly line: number;
  /** Where the row is; without it this is what is in front of the rows. */
  readonly path: readonly string[] | undefined;
}

/** Cuts a document in front of each `[[rows]]`, so that not all of it has to be in memory. */
export class Pieces {
  readonly #plan: ReadPlan;
  #scanner = new LineScanner();
  /** Where the rows are, once that is known. */
  #path: readonly string[] | undefined;
  /** The last header that was one of a row, as it is written. */
  #header = '';
  #hasRows = false;
  #line = 0;
  #lines: string[] = [];
  #bytes = 0;
  #firstLine = 1;
  /** A line that has not ended. */
  #rest: string[] = [];
  #restBytes = 0;
  #ready: Piece[] = [];

  constructor(plan: ReadPlan) {
    this.#plan = plan;
    this.#path = plan.path.length > 0 ? plan.path : undefined;
  }

  /**
   * The pieces that the text completes, also where it fails in the end.
   *
   * @throws {FormatError} LIMIT
   */
  *push(text: string): Generator<Piece> {
    try {
      this.#cut(text);
    } finally {
      yield* this.#take();
    }
  }

  #cut(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#rest.push(text.slice(from, end + 1));
      this.#endLine();
      from = end + 1;
    }
    if (from < text.length) {
      this.#rest.push(text.slice(from));
      this.#restBytes += Buffer.byteLength(text.slice(from));
      // Its beginning tells which piece it is of; it is too long for any.
      if (this.#restBytes > this.#plan.maxRecordBytes) this.#endLine();
    }
  }

  /** The last pieces. */
  end(): readonly Piece[] {
    if (this.#rest.length > 0) this.#endLine();
    this.#endPiece();
    return this.#take();
  }

  #endLine(): void {
    const line = this.#rest.join('');
    this.#rest = [];
    this.#restBytes = 0;
    this.#line++;
    if (!this.#scanner.isInString && this.#isRow(line)) {
      this.#endPiece();
      this.#hasRows = true;
      // What has not ended before is a mistake that its own piece tells.
      this.#scanner = new LineScanner();
    }
    this.#scanner.scan(line);
    this.#lines.push(line);
    this.#count(line);
    const { maxDepth } = this.#plan;
    if (this.#scanner.deepest > maxDepth) throw tooDeep(maxDepth, this.#line, 1);
  }

  /** Whether a line is the header of a row. */
  #isRow(line: string): boolean {
    if (!/^[ \t]*\[\[/.test(line)) return false;
    if (line === this.#header) return true;
    const path = pathOf(line);
    if (path === undefined) return false;
    this.#path ??= path;
    if (path.length !== this.#path.length || path.some((name, i) => name !== this.#path![i])) return false;
    this.#header = line;
    return true;
  }

  #endPiece(): void {
    const path = this.#hasRows ? this.#path : undefined;
    this.#ready.push({ text: this.#lines.join(''), line: this.#firstLine, path });
    this.#lines = [];
    this.#bytes = 0;
    this.#firstLine = this.#line;
  }

  #take(): readonly Piece[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #count(text: string): void {
    const { maxRecordBytes } = this.#plan;
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes <= maxRecordBytes) return;
    const what = this.#hasRows ? 'a row' : 'what is in front of the rows';
    throw new FormatError('LIMIT', `${what} has more than ${maxRecordBytes} bytes`, {
      format,
      line: this.#firstLine,
      column: 1,
      hint: 'write the rows as tables of an array ([[rows]]), which are read one by one, or raise maxRecordBytes',
    });
  }
}

/** The names in a header; undefined for a line that only looks like one. */
function pathOf(line: string): readonly string[] | undefined {
  try {
    const [node] = parseTOML(line, { tomlVersion: '1.0' }).body[0].body;
    return node?.type === 'TOMLTable' ? namesOf(node.key) : undefined;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

export function namesOf({ keys }: AST.TOMLKey): string[] {
  return keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
}

export function tooDeep(maxDepth: number, line: number, column: number): FormatError {
  const what = `lists and tables are inside each other more than ${maxDepth} times`;
  return new FormatError('LIMIT', what, { format, line, column, hint: 'raise maxDepth' });
}

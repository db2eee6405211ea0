import { FormatError } from '@x/formats';

import { format } from '../options.ts';

/** A part of a stream that is parsed by itself: an item of a document that is a list, or a whole document. */
export interface Piece {
  readonly text: string;
  /** Line of the stream that it begins in, from 1. */
  readonly line: number;
  /** Number of the document it is in. Anchors are known in their document. */
  readonly document: number;
  readonly isItem: boolean;
}

const item = /^( *)-(?:\s|$)/;

/**
 * Cuts a stream into pieces (YAML 1.2.2, chapters 6 and 9). Items of a list in block style begin in one column,
 * and whatever is in them is further to the right; so they need not be in memory all at once.
 */
export class Pieces {
  readonly #maxBytes: number;
  #line = 0;
  #document = 0;
  /** What the document is, as far as it has been seen: nothing yet, a list with its items in a column, or else. */
  #kind: 'head' | 'list' | 'whole' = 'head';
  #indent = 0;
  #hasMarker = false;
  #hasDirectives = false;
  #lines: string[] = [];
  #bytes = 0;
  #firstLine = 1;
  /** A line that has not ended. */
  #rest: string[] = [];
  #restBytes = 0;
  #ready: Piece[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
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
      if (this.#restBytes > this.#maxBytes) this.#endLine();
    }
  }

  /** The last pieces. */
  end(): readonly Piece[] {
    if (this.#rest.length > 0) this.#endLine();
    this.#endDocument();
    return this.#take();
  }

  #endLine(): void {
    const line = this.#rest.join('');
    this.#rest = [];
    this.#restBytes = 0;
    this.#line++;
    this.#begin(line);
    this.#lines.push(line);
    this.#bytes += Buffer.byteLength(line);
    this.#checkLimit();
    if (isMarker(line, '...')) this.#endDocument();
  }

  /** Finds out what a line begins. */
  #begin(line: string): void {
    if (isMarker(line, '---')) {
      if (this.#hasMarker || this.#kind !== 'head') this.#endDocument();
      this.#hasMarker = true;
      if (/^---\s+[^\s#]/.test(line)) this.#kind = 'whole';
      return;
    }
    const found = item.exec(line);
    if (this.#kind === 'list') {
      if (found?.[1]!.length === this.#indent) this.#endPiece();
      return;
    }
    if (this.#kind === 'whole' || /^\s*(?:#|$)/.test(line) || isMarker(line, '...')) return;
    if (line.startsWith('%') && !this.#hasMarker) {
      this.#hasDirectives = true;
      return;
    }
    // Directives say what the tags of the document are.
    if (found === null || this.#hasDirectives) {
      this.#kind = 'whole';
      return;
    }
    this.#endPiece();
    this.#kind = 'list';
    this.#indent = found[1]!.length;
  }

  #endPiece(): void {
    if (this.#kind !== 'head') {
      const text = this.#lines.join('');
      const isItem = this.#kind === 'list';
      this.#ready.push({ text, line: this.#firstLine, document: this.#document, isItem });
    }
    this.#lines = [];
    this.#bytes = 0;
    this.#firstLine = this.#line;
  }

  #endDocument(): void {
    this.#endPiece();
    this.#kind = 'head';
    this.#hasMarker = false;
    this.#hasDirectives = false;
    this.#document++;
  }

  #take(): readonly Piece[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #checkLimit(): void {
    if (this.#bytes <= this.#maxBytes) return;
    const what = this.#kind === 'list' ? 'an item of the list' : 'a document';
    throw new FormatError('LIMIT', `${what} has more than ${this.#maxBytes} bytes`, {
      format,
      line: this.#firstLine,
      column: 1,
      hint: listHint('maxRecordBytes'),
    });
  }
}

function isMarker(line: string, marker: '---' | '...'): boolean {
  return line.startsWith(marker) && /^\s?$/.test(line.slice(3, 4));
}

export function listHint(limit: string): string {
  return `write the rows as items of a list in block style (- a: 1), which are read one by one, or raise ${limit}`;
}

import { FormatError } from '@x/formats';
import { BadRow, type Ended, type KeyedRecord, type KeyedRecords } from '@x/formats/rows';
import { Composer, type CST, isSeq, Lexer, type Node, Parser, type YAMLParseError } from 'yaml';

import { format, type ReadPlan } from '../options.ts';
import { DocumentValues, NodeError } from './document-values.ts';
import { listHint, type Piece, Pieces } from './pieces.ts';

type Records = readonly (KeyedRecord | BadRow)[];

/** Reads the rows of a stream, piece by piece. */
export class RecordSource implements KeyedRecords {
  readonly #text: Ended<string>;
  readonly #plan: ReadPlan;
  readonly #pieces: Pieces;
  #values: DocumentValues;
  #document = 0;
  /** Bytes of the document that anchors are on. */
  #anchoredBytes = 0;

  constructor(text: Ended<string>, plan: ReadPlan) {
    this.#text = text;
    this.#plan = plan;
    this.#pieces = new Pieces(plan.maxRecordBytes);
    this.#values = new DocumentValues(plan);
  }

  async *chunks(): AsyncGenerator<Records> {
    for await (const text of this.#text) {
      for (const piece of this.#pieces.push(text)) yield this.#recordsOf(piece, false);
    }
    const last = this.#pieces.end();
    for (const piece of last) yield this.#recordsOf(piece, piece === last.at(-1));
  }

  async close(): Promise<void> {
    await this.#text.return();
  }

  #recordsOf(piece: Piece, isLast: boolean): Records {
    if (piece.document !== this.#document) {
      this.#document = piece.document;
      this.#values = new DocumentValues(this.#plan);
      this.#anchoredBytes = 0;
    }
    const before = this.#values.anchorCount;
    try {
      const nodes = this.#nodesOf(piece, isLast);
      return nodes.map((node) => this.#recordOf(node, piece));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return [badRow(error, piece)];
    } finally {
      if (this.#values.anchorCount > before) this.#countAnchored(piece);
    }
  }

  #recordOf(node: Node, piece: Piece): KeyedRecord | BadRow {
    try {
      const record = this.#values.record(node);
      if (record !== undefined) return record;
      const hint = 'rows are the items of a list of mappings, or documents that are mappings';
      throw new NodeError('NOT_AN_OBJECT', 'a row is no mapping', hint, node);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const place = placeOf(piece, error.at);
      const { code, problem, hint = '' } = error;
      return badRow(new FormatError(code, problem, { format, ...place, hint }), piece);
    }
  }

  /** The rows of a piece: its items, or the piece itself. */
  #nodesOf(piece: Piece, isLast: boolean): readonly Node[] {
    const composer = new Composer({
      schema: 'failsafe',
      resolveKnownTags: false,
      uniqueKeys: false,
      prettyErrors: false,
    });
    const nodes: Node[] = [];
    for (const document of composer.compose(this.#tokens(piece))) {
      const error = document.errors[0];
      if (error !== undefined) throw syntaxError(error, piece, isLast);
      const { contents } = document;
      if (contents === null) continue;
      if (isSeq<Node>(contents)) nodes.push(...contents.items);
      else if (!isNothing(contents)) nodes.push(contents);
    }
    return nodes;
  }

  /** What the parser makes of a piece, as long as that is not too deep for whoever goes down into it. */
  *#tokens(piece: Piece): Generator<CST.Token> {
    const parser = new Parser();
    const { maxDepth, maxRecordTokens } = this.#plan;
    // Enough for that depth, however it is written; the values tell the rest.
    const maxStack = 2 * maxDepth + 4;
    let count = 0;
    for (const lexeme of new Lexer().lex(piece.text)) {
      yield* parser.next(lexeme);
      const place = (): object => ({ format, ...placeOf(piece, parser.offset) });
      if (parser.stack.length > maxStack) {
        const what = `lists and mappings are inside each other more than ${maxDepth} times`;
        throw new FormatError('LIMIT', what, { ...place(), hint: 'raise maxDepth' });
      }
      if (++count > maxRecordTokens) {
        const what = `${piece.isItem ? 'an item' : 'a document'} has more than ${maxRecordTokens} words and signs`;
        throw new FormatError('LIMIT', what, { ...place(), hint: listHint('maxRecordTokens') });
      }
    }
    yield* parser.end();
  }

  #countAnchored(piece: Piece): void {
    this.#anchoredBytes += Buffer.byteLength(piece.text);
    const { maxRecordBytes } = this.#plan;
    if (this.#anchoredBytes <= maxRecordBytes) return;
    throw new FormatError('LIMIT', `anchors are on more than ${maxRecordBytes} bytes of a document`, {
      format,
      line: piece.line,
      column: 1,
      hint: 'raise maxRecordBytes, or take away anchors that are not used',
    });
  }
}

/** Whether a document is there, but nothing is in it. */
function isNothing(contents: Node): boolean {
  return (
    contents.range?.[0] === contents.range?.[1] && !('anchor' in contents && contents.anchor !== undefined)
  );
}

function badRow(error: FormatError, piece: Piece): BadRow {
  return new BadRow(error, Buffer.from(piece.text));
}

function syntaxError({ message, pos: [at] }: YAMLParseError, piece: Piece, isLast: boolean): FormatError {
  const isCut = isLast && piece.text.slice(at + 1).trim() === '';
  return new FormatError(
    isCut ? 'TRUNCATED' : 'CORRUPT',
    message.replace(/^([A-Z])(?=[a-z ])/, (first) => first.toLowerCase()),
    {
      format,
      ...placeOf(piece, at),
      hint: isCut ? 'if it was not written or copied to its end, get it once more' : 'correct the document',
    },
  );
}

/** The line and the character in it. */
function placeOf({ text, line }: Piece, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: line + before.length - 1, column: before.at(-1)!.length + 1 };
}

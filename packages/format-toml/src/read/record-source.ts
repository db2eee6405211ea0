import { FormatError } from '@x/formats';
import { BadRow, type Ended, type KeyedRecord, type KeyedRecords } from '@x/formats/rows';
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';

import { format, type ReadPlan } from '../options.ts';
import { type Piece, Pieces } from './pieces.ts';
import { isTables, recordOf, type Slot, type Table, tableOf } from './table.ts';

type Records = readonly (KeyedRecord | BadRow)[];

const hint = 'say with table which tables are rows';

/** Reads the rows of a document, piece by piece. */
export class RecordSource implements KeyedRecords {
  readonly #text: Ended<string>;
  readonly #plan: ReadPlan;
  readonly #pieces: Pieces;

  constructor(text: Ended<string>, plan: ReadPlan) {
    this.#text = text;
    this.#plan = plan;
    this.#pieces = new Pieces(plan);
  }

  async *chunks(): AsyncGenerator<Records> {
    // Whether it is all that there is, is only known when something else comes.
    let head: Piece | undefined;
    for await (const text of this.#text) {
      for (const piece of this.#pieces.push(text)) {
        if (piece.path === undefined) this.#checkHead((head = piece));
        else yield this.#rowsOf(piece, false);
      }
    }
    for (const piece of this.#pieces.end()) {
      if (piece.path !== undefined) yield this.#rowsOf(piece, true);
      else if (head === undefined) yield this.#rowsOfAll(parsed(piece, true, this.#plan.maxDepth));
    }
  }

  async close(): Promise<void> {
    await this.#text.return();
  }

  /** Looks at what is in front of the rows, and is none of them. */
  #checkHead(head: Piece): void {
    const table = parsed(head, false, this.#plan.maxDepth);
    if (this.#plan.path.length === 0) refuseOthers(table, undefined);
  }

  /** The row of a piece, and what is not well-formed as one that cannot be read. */
  #rowsOf(piece: Piece, isLast: boolean): Records {
    const path = piece.path!;
    try {
      const root = parsed(piece, isLast, this.#plan.maxDepth);
      const found = slotAt(root, path);
      if (!isTables(found)) throw notAList(`${path.join('.')} is no array of tables`);
      if (this.#plan.path.length === 0) refuseOthers(root, path[0]);
      return found.map(recordOf);
    } catch (error) {
      if (!(error instanceof FormatError) || error.code === 'NOT_A_LIST' || error.code === 'LIMIT')
        throw error;
      return [new BadRow(error, Buffer.from(piece.text))];
    }
  }

  /** The rows of a document that has no `[[rows]]`: a list of tables in braces, or the document itself. */
  #rowsOfAll(root: Table): Records {
    const { path } = this.#plan;
    const found = path.length > 0 ? slotAt(root, path) : rowsIn(root);
    if (found instanceof Map) return found.size === 0 && path.length === 0 ? [] : [recordOf(found)];
    if (isTables(found)) return found.map(recordOf);
    throw notAList(`${path.join('.')} is no array of tables`);
  }
}

/** The one list of tables that there is, or the document. */
function rowsIn(root: Table): Slot {
  const first = [...root].find(([, slot]) => isTables(slot));
  if (first === undefined) return root;
  refuseOthers(root, first[0]);
  return first[1];
}

function slotAt(root: Table, path: readonly string[]): Slot | undefined {
  let found: Slot | undefined = root;
  for (const name of path) found = found instanceof Map ? found.get(name) : undefined;
  return found;
}

function refuseOthers(root: Table, rows: string | undefined): void {
  const others = [...root.keys()].filter((name) => name !== rows);
  if (others.length > 0) throw notAList(`beside the rows there is ${JSON.stringify(others[0])}`);
}

function notAList(what: string): FormatError {
  return new FormatError('NOT_A_LIST', what, { format, hint });
}

function parsed({ text, line }: Piece, isLast: boolean, maxDepth: number): Table {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: '1.0' });
  } catch (cause) {
    if (!(cause instanceof ParseError)) throw cause;
    const isCut = isLast && text.slice(cause.index).trim() === '';
    const what = `${cause.message.charAt(0).toLowerCase()}${cause.message.slice(1)}`;
    throw new FormatError(isCut ? 'TRUNCATED' : 'CORRUPT', what, {
      format,
      line: line + cause.lineNumber - 1,
      column: cause.column + 1,
      hint: isCut ? 'if it was not written or copied to its end, get it once more' : 'correct the document',
      cause,
    });
  }
  return tableOf(program, line - 1, maxDepth);
}

import { FormatError, type FormatErrorCode } from '@x/formats';
import { Parser } from 'htmlparser2';

import { format, type ReadPlan } from '../options.ts';
import { CellText } from './cell-text.ts';
import { type Cell, type CellValue, Spans } from './spans.ts';

/** A row of the table. */
export interface TableRow {
  readonly values: readonly CellValue[];
  readonly isHeader: boolean;
  readonly line: number;
}

const sections = new Set(['thead', 'tbody', 'tfoot']);
/** What nobody sees. */
const hidden = new Set(['script', 'style', 'template', 'title', 'textarea', 'select']);
const blocks = new Set([
  'p',
  'div',
  'li',
  'ul',
  'ol',
  'dl',
  'dt',
  'dd',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'table',
  'tr',
]);

/** Finds the rows of a table in the text of a document, as it comes. */
export class TableRows {
  readonly #plan: ReadPlan;
  readonly #parser: Parser;
  #rows: TableRow[] = [];
  #line = 1;
  #depth = 0;
  /** Tables that have begun. */
  #tables = 0;
  /** Tables inside each other from the wanted one on; 0 outside of it. */
  #inside = 0;
  #hasTable = false;
  #isHead = false;
  #spans = new Spans();
  #cells: Cell[] | undefined;
  #rowLine = 1;
  #cell:
    | { readonly text: CellText; readonly attributes: Readonly<Record<string, string>>; isNull: boolean }
    | undefined;
  #isHeaderCell = false;
  #endsWithBlock = false;
  /** Elements whose text is taken as it is, and those whose text is not. */
  #exact = 0;
  #hiddenDepth = 0;
  #isAfterPre = false;
  #isEnding = false;
  /** Characters since the parser has told of something, and of the row. */
  #held = 0;
  /** Whether the wanted table has ended. */
  isComplete = false;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => this.#opened(name, attributes),
        ontext: (text) => this.#text(text),
        onclosetag: (name) => this.#closed(name),
        oncomment: () => (this.#held = 0),
      },
      { decodeEntities: true, lowerCaseTags: true },
    );
  }

  /** The rows that the text completes, also where it fails in the end. */
  *push(text: string): Generator<TableRow> {
    try {
      this.#parse(text);
    } finally {
      yield* this.#take();
    }
  }

  #parse(text: string): void {
    for (let from = 0; from < text.length && !this.#isDone();) {
      const newline = text.indexOf('\n', from);
      const end = newline === -1 ? text.length : newline + 1;
      this.#held += end - from;
      this.#checkLength(this.#held);
      this.#parser.write(text.slice(from, end));
      if (newline !== -1) this.#line++;
      from = end;
    }
  }

  /** @throws {FormatError} TRUNCATED, or NOT_A_LIST where no table has been found. */
  end(): readonly TableRow[] {
    if (this.#isDone()) return [];
    if (this.#inside > 0)
      throw this.#error(
        'TRUNCATED',
        'the document ends within the table',
        'it was not written or copied to its end: get it once more',
      );
    this.#isEnding = true;
    this.#parser.end();
    if (!this.#hasTable) {
      const { table } = this.#plan;
      const what =
        table === undefined
          ? 'the document has no table'
          : `the document has no table ${JSON.stringify(table)}`;
      throw this.#error(
        'NOT_A_LIST',
        what,
        'say with table which table is meant, by its number from 1 or its id',
      );
    }
    return this.#take();
  }

  /** Whether nothing that follows matters. */
  #isDone(): boolean {
    return this.isComplete && this.#plan.table !== undefined;
  }

  #take(): readonly TableRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #opened(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#held = 0;
    this.#isAfterPre = name === 'pre';
    if (++this.#depth > this.#plan.maxDepth) {
      throw this.#error(
        'LIMIT',
        `elements are inside each other more than ${this.#plan.maxDepth} times`,
        'raise maxDepth',
      );
    }
    if (hidden.has(name)) this.#hiddenDepth++;
    if (name === 'table') this.#openedTable(attributes);
    if (this.#inside === 1) this.#openedPart(name, attributes);
    const { text } = this.#cell ?? {};
    if (text === undefined || name === 'td' || name === 'th') return;
    if (name === 'br') text.break();
    if (name === 'pre') this.#exact++;
    if (blocks.has(name)) text.separate();
    this.#endsWithBlock = false;
  }

  #openedTable({ id }: Readonly<Record<string, string>>): void {
    this.#tables++;
    if (this.#inside > 0) {
      this.#inside++;
      return;
    }
    const { table } = this.#plan;
    if (table === undefined && this.#hasTable) {
      throw this.#error(
        'NOT_A_LIST',
        'the document has more than one table',
        'say with table which one is meant, by its number from 1 or its id',
      );
    }
    if (this.isComplete || !(table === undefined || table === this.#tables || table === id)) return;
    this.#inside = 1;
    this.#hasTable = true;
  }

  #openedPart(name: string, attributes: Readonly<Record<string, string>>): void {
    // What is open still may have had its end tags left out.
    if (sections.has(name)) this.#beginSection(name === 'thead');
    if (name === 'tr') this.#beginRow();
    if (name !== 'td' && name !== 'th') return;
    if (this.#cells === undefined) this.#beginRow();
    this.#endCell();
    this.#cell = { text: new CellText(), attributes, isNull: 'data-null' in attributes };
    if (name === 'td') this.#isHeaderCell = false;
  }

  #beginSection(isHead: boolean): void {
    this.#endRow();
    // A cell does not reach beyond its part of the table.
    this.#spans = new Spans();
    this.#isHead = isHead;
  }

  #beginRow(): void {
    this.#endRow();
    this.#cells = [];
    this.#isHeaderCell = true;
    this.#rowLine = this.#line;
  }

  #text(text: string): void {
    this.#held = 0;
    if (this.#cell === undefined || this.#hiddenDepth > 0) return;
    const { text: cell } = this.#cell;
    // A line feed behind <pre> is none.
    const own = this.#isAfterPre && text.startsWith('\n') ? text.slice(1) : text;
    this.#isAfterPre = false;
    if (this.#exact > 0) cell.addExactly(own);
    else cell.add(own);
    if (own.trim() !== '') this.#endsWithBlock = false;
    this.#checkLength(cell.length);
  }

  #closed(name: string): void {
    this.#held = 0;
    this.#depth--;
    this.#isAfterPre = false;
    if (this.#isEnding) return;
    if (hidden.has(name)) this.#hiddenDepth--;
    if (this.#cell !== undefined && name === 'pre') this.#exact--;
    if (this.#cell !== undefined && blocks.has(name)) {
      this.#cell.text.separate();
      this.#endsWithBlock = true;
    }
    if (this.#inside === 1) this.#closedPart(name);
    if (name === 'table' && this.#inside > 0 && --this.#inside === 0) {
      this.isComplete = true;
    }
  }

  #closedPart(name: string): void {
    if (name === 'td' || name === 'th') this.#endCell();
    if (name === 'tr') this.#endRow();
    if (sections.has(name) || name === 'table') this.#beginSection(false);
  }

  #endCell(): void {
    if (this.#cell === undefined) return;
    const { text, attributes, isNull } = this.#cell;
    const found = text.toString(this.#endsWithBlock);
    this.#cells!.push({ value: isNull && found === '' ? null : found, attributes });
    this.#cell = undefined;
    this.#exact = 0;
  }

  #endRow(): void {
    this.#endCell();
    if (this.#cells === undefined) return;
    const values = this.#spans.rowOf(this.#cells);
    if (values === undefined)
      throw this.#error('LIMIT', 'a row has more than 16384 columns', 'correct its colspan');
    let length = 0;
    for (const value of values) length += value?.length ?? 0;
    this.#checkLength(length);
    const isHeader = this.#isHead || (this.#isHeaderCell && this.#cells.length > 0);
    if (values.length > 0) this.#rows.push({ values, isHeader, line: this.#rowLine });
    this.#cells = undefined;
  }

  #checkLength(length: number): void {
    const { maxRecordLength } = this.#plan;
    if (length <= maxRecordLength) return;
    throw this.#error(
      'LIMIT',
      `a row, a tag or a comment has more than ${maxRecordLength} characters`,
      'raise maxRecordLength',
    );
  }

  #error(code: FormatErrorCode, what: string, hint: string): FormatError {
    return new FormatError(code, what, { format, line: this.#line, column: 1, hint });
  }
}

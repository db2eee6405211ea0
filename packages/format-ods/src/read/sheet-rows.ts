import { FormatError } from '@x/formats';
import { BadRow, columnLetters, maxColumns, maxRows } from '@x/formats/rows';

import { corrupt, format, overLimit } from '../errors.ts';
import type { ReadPlan } from '../options.ts';
import { CellText } from './cell-text.ts';
import { type Cell, valueOf } from './cell-value.ts';
import { type Attributes, checkNamespaces, type XmlHandler } from './xml-part.ts';

/** A row of a sheet, or several that are alike. */
export interface SheetRow {
  /** That of the first, from 1. */
  readonly number: number;
  /** How many there are. */
  readonly times: number;
  readonly cells: readonly (Cell | undefined)[];
  readonly bad?: BadRow | undefined;
}

type Place = 'start' | 'document' | 'spreadsheet' | 'sheet' | 'row' | 'cell';

const groups = new Set(['table:table-row-group', 'table:table-header-rows', 'table:table-rows']);
const cellNames = new Set(['table:table-cell', 'table:covered-table-cell']);

/** Takes the rows of one sheet from the elements of a document (OpenDocument 1.3, 9.1). */
export class SheetRows implements XmlHandler {
  /** Rows that are complete; whoever takes them takes them out. */
  rows: SheetRow[] = [];
  /** Whether the sheet has been there to its end. */
  isDone = false;
  /** Names of the sheets so far. */
  readonly sheets: string[] = [];
  readonly #plan: ReadPlan;
  readonly #hidden = new Set<string>();
  #place: Place = 'start';
  /** Elements that are open inside one that is not looked at, with it. */
  #skipped = 0;
  #style: string | undefined;
  /** Number of the row, from 1, and how often it is there. */
  #number = 1;
  #times = 1;
  #cells: (Cell | undefined)[] = [];
  #bad: BadRow | undefined;
  /** Cells of the row that have a value and are written out. */
  #written = 0;
  #repeated = 0;
  /** The cell, and its column from 0. */
  #attributes: Attributes = {};
  #column = 0;
  readonly #text: CellText;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
    this.#text = new CellText(plan.maxCellLength, () => {
      throw overLimit(`${this.#cellName()} has more than ${plan.maxCellLength} characters`, 'maxCellLength');
    });
  }

  open(name: string, attributes: Attributes): void {
    if (this.#skipped > 0) {
      this.#skipped++;
      return;
    }
    switch (this.#place) {
      case 'start':
        if (name !== 'office:document-content') throw corrupt(`the document begins with ${name}`);
        checkNamespaces(attributes);
        this.#place = 'document';
        break;
      case 'document':
        this.#openInDocument(name, attributes);
        break;
      case 'spreadsheet':
        if (name !== 'table:table' || !this.#isWanted(attributes)) this.#skipped = 1;
        else this.#place = 'sheet';
        break;
      case 'sheet':
        if (name === 'table:table-row') this.#openRow(attributes);
        else if (!groups.has(name)) this.#skipped = 1;
        break;
      case 'row':
        if (cellNames.has(name)) this.#openCell(attributes);
        else this.#skipped = 1;
        break;
      case 'cell':
        this.#text.open(name, attributes);
    }
  }

  text(text: string): void {
    if (this.#place === 'cell') this.#text.add(text);
  }

  close(name: string): void {
    if (this.#skipped > 0) this.#skipped--;
    else if (this.#place === 'cell') {
      if (this.#text.isLeavingOut || !cellNames.has(name)) this.#text.close(name);
      else this.#closeCell();
    } else if (name === 'table:table-row') this.#closeRow();
    else if (name === 'table:table') this.isDone = true;
    else if (name === 'office:spreadsheet') this.#place = 'document';
  }

  #openInDocument(name: string, attributes: Attributes): void {
    if (name === 'office:spreadsheet') this.#place = 'spreadsheet';
    else if (name === 'style:style') this.#style = attributes['style:name'];
    else if (name === 'style:table-properties' && attributes['table:display'] === 'false') {
      this.#hidden.add(this.#style ?? '');
    }
  }

  #isWanted(attributes: Attributes): boolean {
    const name = attributes['table:name'] ?? '';
    const { sheet } = this.#plan;
    this.sheets.push(name);
    if (sheet === undefined) return !this.#hidden.has(attributes['table:style-name'] ?? '');
    return typeof sheet === 'number' ? this.sheets.length === sheet : name === sheet;
  }

  #openRow(attributes: Attributes): void {
    this.#place = 'row';
    this.#times = this.#timesOf(attributes['table:number-rows-repeated']);
    this.#cells = [];
    this.#bad = undefined;
    this.#written = 0;
    this.#column = 0;
  }

  #openCell(attributes: Attributes): void {
    this.#place = 'cell';
    this.#attributes = attributes;
    this.#text.clear();
  }

  #closeCell(): void {
    this.#place = 'row';
    const times = this.#timesOf(this.#attributes['table:number-columns-repeated']);
    const cell = this.#valueOf();
    if (cell !== undefined) {
      const end = this.#column + times;
      if (end > maxColumns)
        throw corrupt(`${this.#cellName()} is there ${times} times, beyond the last column`);
      this.#written++;
      for (let i = this.#column; i < end; i++) this.#cells[i] = cell;
    }
    this.#column = Math.min(this.#column + times, maxColumns);
  }

  #valueOf(): Cell | undefined {
    const { text, isThere } = this.#text;
    try {
      const cell = valueOf(this.#attributes, isThere ? text : undefined);
      if (typeof cell?.value === 'string' && cell.value.length > this.#plan.maxCellLength) {
        throw overLimit(`it has more than ${this.#plan.maxCellLength} characters`, 'maxCellLength');
      }
      return cell;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { code, problem, hint } = error;
      const placed = new FormatError(code, `${this.#cellName()}: ${problem}`, {
        format,
        ...(hint === undefined ? {} : { hint }),
      });
      if (code !== 'UNREPRESENTABLE') throw placed;
      this.#bad ??= new BadRow(placed, Buffer.from(text));
      return undefined;
    }
  }

  #closeRow(): void {
    this.#place = 'sheet';
    const number = this.#number;
    const cells = this.#cells;
    const isEmpty = cells.length === 0 && this.#bad === undefined;
    // Empty rows are there to the end of a sheet, and some programs count one too many.
    const times = isEmpty ? Math.min(this.#times, maxRows + 1 - number) : this.#times;
    if (number + times - 1 > maxRows) {
      throw corrupt(`row ${number} of ${this.#sheetName()} is there ${times} times, beyond the last row`);
    }
    let filled = 0;
    cells.forEach(() => filled++);
    this.#repeated += filled * times - this.#written;
    if (this.#repeated > this.#plan.maxRepeatedCells) {
      const { maxRepeatedCells } = this.#plan;
      throw overLimit(
        `row ${number} of ${this.#sheetName()}: more than ${maxRepeatedCells} cells are repetitions`,
        'maxRepeatedCells',
      );
    }
    this.#number += times;
    if (times > 0) this.rows.push({ number, times, cells, bad: this.#bad });
  }

  #timesOf(text: string | undefined): number {
    if (text === undefined) return 1;
    if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text);
    throw corrupt(`${this.#cellName()} is repeated ${JSON.stringify(text)} times`);
  }

  #cellName(): string {
    return `the cell ${columnLetters(this.#column)}${this.#number} of ${this.#sheetName()}`;
  }

  #sheetName(): string {
    return `the sheet ${JSON.stringify(this.sheets.at(-1))}`;
  }
}

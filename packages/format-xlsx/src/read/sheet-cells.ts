import { Day, type Decimal, FormatError } from '@x/formats';
import { BadRow, maxRows, numberValue, parseTimestamp } from '@x/formats/rows';

import { corrupt, format, overLimit } from '../errors.ts';
import { columnOf } from '../value/cell-name.ts';
import { unescaped } from '../value/escapes.ts';
import type { Meaning } from '../value/number-format.ts';
import { dateOfSerial, timeOfSerial } from '../value/serial.ts';
import type { Attributes, XmlHandler } from './xml-part.ts';

/** A cell with a value, and what it is. */
export interface Cell {
  readonly value: string | number | bigint | boolean | Decimal | Date;
  readonly meaning: Meaning | 'other';
}

/** A row of a sheet. */
export interface SheetRow {
  /** From 1. */
  readonly number: number;
  readonly cells: (Cell | undefined)[];
  bad?: BadRow;
}

/** Takes rows from the elements of a sheet. */
export class SheetCells implements XmlHandler {
  /** Rows that are complete; whoever takes them takes them out. */
  rows: SheetRow[] = [];
  readonly #texts: readonly string[];
  readonly #styles: readonly Meaning[];
  readonly #is1904: boolean;
  readonly #maxLength: number;
  #row: SheetRow | undefined;
  #lastRow = 0;
  #column = -1;
  #type = 'n';
  #style: Meaning = 'number';
  #text = '';
  #hasValue = false;
  #takesText = false;
  #isInData = false;
  #isPhonetic = false;

  constructor(texts: readonly string[], styles: readonly Meaning[], is1904: boolean, maxLength: number) {
    this.#texts = texts;
    this.#styles = styles;
    this.#is1904 = is1904;
    this.#maxLength = maxLength;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'sheetData') this.#isInData = true;
    if (!this.#isInData) return;
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'rPh') this.#isPhonetic = true;
    else if (name === 'v' || (name === 't' && this.#type === 'inlineStr' && !this.#isPhonetic)) {
      this.#takesText = true;
      this.#hasValue = true;
    }
  }

  text(text: string): void {
    if (!this.#takesText) return;
    this.#text += text;
    if (this.#text.length > this.#maxLength)
      throw overLimit(`a cell has more than ${this.#maxLength} characters`, 'maxCellLength');
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#takesText = false;
    else if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row' && this.#row !== undefined) {
      this.rows.push(this.#row);
      this.#row = undefined;
    } else if (name === 'sheetData') this.#isInData = false;
  }

  #openRow({ r }: Attributes): void {
    const number = r === undefined ? this.#lastRow + 1 : Number(r);
    if (!Number.isInteger(number) || number <= this.#lastRow || number > maxRows) {
      throw corrupt(`row ${r ?? number} of the sheet is out of order`);
    }
    this.#lastRow = number;
    this.#row = { number, cells: [] };
    this.#column = -1;
  }

  #openCell({ r, t = 'n', s }: Attributes): void {
    const column = r === undefined ? this.#column + 1 : columnOf(r);
    if (column === undefined || column <= this.#column) throw corrupt(`the cell ${r} is out of order`);
    this.#column = column;
    this.#type = t;
    this.#style = this.#styles[Number(s ?? 0)] ?? 'number';
    this.#text = '';
    this.#hasValue = false;
  }

  #closeCell(): void {
    if (!this.#hasValue || this.#row === undefined) return;
    try {
      this.#row.cells[this.#column] = this.#cell();
    } catch (error) {
      if (!(error instanceof FormatError) || error.code !== 'UNREPRESENTABLE') throw error;
      this.#row.bad ??= new BadRow(error, Buffer.from(this.#text));
    }
  }

  #cell(): Cell {
    const text = this.#text;
    switch (this.#type) {
      case 's': {
        const shared = this.#texts[Number(text)];
        if (shared === undefined || text === '')
          throw corrupt(`a cell has the shared text ${JSON.stringify(text)}, which is not there`);
        return { value: shared, meaning: 'other' };
      }
      case 'str':
      case 'inlineStr':
        return { value: unescaped(text), meaning: 'other' };
      case 'e':
        return { value: text, meaning: 'other' };
      case 'b':
        return { value: text === '1' || text === 'true', meaning: 'other' };
      case 'd':
        return { value: parseTimestamp(text) ?? text, meaning: 'moment' };
      default:
        return this.#number(text.trim());
    }
  }

  #number(text: string): Cell {
    const number = Number(text);
    if (text === '' || !Number.isFinite(number))
      throw corrupt(`a cell has ${JSON.stringify(text)} for a number`);
    const meaning = this.#style;
    if (meaning === 'time' && number < 1) {
      const time = timeOfSerial(number);
      if (time !== undefined) return { value: time, meaning };
    }
    if (meaning !== 'number' && (meaning !== 'time' || number >= 1)) {
      const date = dateOfSerial(number, this.#is1904);
      if (date === undefined) {
        throw new FormatError('UNREPRESENTABLE', `${text} is no day of a calendar`, {
          format,
          hint: 'give its cell the format of a number',
        });
      }
      const isDay = meaning === 'date' && date.getTime() % 86_400_000 === 0;
      return { value: isDay ? new Day(date) : date, meaning: meaning === 'time' ? 'moment' : meaning };
    }
    // More digits than a double has are what somebody has written, who was not Excel.
    if (!Number.isSafeInteger(number) && /^-?\d+$/.test(text))
      return { value: numberValue(text), meaning: 'number' };
    return { value: number, meaning: 'number' };
  }
}

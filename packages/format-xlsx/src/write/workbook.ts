import { columnLetters } from '@x/formats/rows';
import type { SheetForm } from '@x/formats/zip';

import { format } from '../errors.ts';
import { escaped } from '../value/escapes.ts';
import { serialOfDate } from '../value/serial.ts';
import { partsBefore, sheetEnd, sheetPart, sheetStart, Style } from './parts.ts';

/** How a workbook of one sheet is written. A cell is what is behind its name. */
export class Workbook implements SheetForm {
  readonly format = format;
  readonly part = sheetPart;
  #letters: readonly string[] = [];

  async writeParts(archive: Parameters<SheetForm['writeParts']>[0], sheet: string): Promise<void> {
    for (const [name, text] of partsBefore(sheet)) await archive.add(name, text);
  }

  start(_sheet: string, columns: number): string {
    this.#letters = Array.from({ length: columns }, (_, i) => columnLetters(i));
    return sheetStart;
  }

  row(cells: readonly (string | undefined)[], number: number): string {
    let xml = '';
    for (let i = 0; i < cells.length; i++) {
      if (cells[i] !== undefined) xml += `<c r="${this.#letters[i]}${number}"${cells[i]}</c>`;
    }
    return xml === '' ? `<row r="${number}"/>` : `<row r="${number}">${xml}</row>`;
  }

  end(): string {
    return sheetEnd;
  }

  number(digits: string): string {
    return `><v>${digits}</v>`;
  }

  boolean(value: boolean): string {
    return ` t="b"><v>${value ? 1 : 0}</v>`;
  }

  date(date: Date, isDay: boolean): string | undefined {
    const serial = serialOfDate(date);
    return serial === undefined ? undefined : ` s="${isDay ? Style.date : Style.moment}"><v>${serial}</v>`;
  }

  text(text: string): string {
    const space = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
    return ` t="inlineStr"><is><t${space}>${escaped(text)}</t></is>`;
  }
}

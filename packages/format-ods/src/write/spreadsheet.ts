import { FormatError } from '@x/formats';
import type { CellPlace } from '@x/formats/rows';
import type { SheetForm } from '@x/formats/zip';

import { format } from '../errors.ts';
import { durationOf } from '../value/duration.ts';
import { contentEnd, contentPart, contentStart, manifest, mediaType } from './parts.ts';
import { attribute, escaped, forbidden, paragraphs } from './text-xml.ts';

const emptyCell = '<table:table-cell/>';
const emptyRow = `<table:table-row>${emptyCell}</table:table-row>`;

/** How a document with one sheet is written (OpenDocument 1.3, part 3, 9.1 and 19). */
export class Spreadsheet implements SheetForm {
  readonly format = format;
  readonly part = contentPart;

  async writeParts(archive: Parameters<SheetForm['writeParts']>[0]): Promise<void> {
    // The first, and not compressed, so that its bytes tell what the archive is (part 2, 3.3).
    await archive.addStored('mimetype', mediaType);
    await archive.add('META-INF/manifest.xml', manifest);
  }

  start(sheet: string, columns: number): string {
    return contentStart(sheet, Math.max(1, columns));
  }

  row(cells: readonly (string | undefined)[]): string {
    let xml = '';
    let empty = 0;
    for (const cell of cells) {
      if (cell === undefined) empty++;
      else {
        if (empty > 0)
          xml += empty === 1 ? emptyCell : `<table:table-cell table:number-columns-repeated="${empty}"/>`;
        xml += cell;
        empty = 0;
      }
    }
    return xml === '' ? emptyRow : `<table:table-row>${xml}</table:table-row>`;
  }

  end(rows: number): string {
    return `${rows === 0 ? emptyRow : ''}${contentEnd}`;
  }

  number(digits: string): string {
    return cellOf('float', `office:value="${digits}"`, digits);
  }

  boolean(value: boolean): string {
    return cellOf('boolean', `office:boolean-value="${value}"`, value ? 'TRUE' : 'FALSE');
  }

  date(date: Date, isDay: boolean): string | undefined {
    const text = date.toISOString();
    // Others are those of more than four digits, and of before our era.
    if (!/^\d{4}-/.test(text) || text.startsWith('0000')) return undefined;
    const value = isDay ? text.slice(0, 10) : text.slice(0, -1);
    return cellOf(
      'date',
      `table:style-name="${isDay ? 'day' : 'moment'}" office:date-value="${value}"`,
      value,
    );
  }

  time(time: string): string {
    return cellOf('time', `table:style-name="time" office:time-value="${durationOf(time)}"`, time);
  }

  text(text: string, place: CellPlace): string {
    const character = forbidden.exec(text);
    if (character !== null) {
      const code = character[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      throw new FormatError('UNREPRESENTABLE', `XML has no character U+${code}`, {
        ...place,
        hint: 'take such characters out of the text, or write xlsx',
      });
    }
    // A carriage return in a paragraph is a blank, and LibreOffice Calc passes over the element of a tab.
    const exact = /[\t\r]/.test(text) ? ` office:string-value="${attribute(text)}"` : '';
    return `<table:table-cell office:value-type="string"${exact}>${paragraphs(text)}</table:table-cell>`;
  }
}

/** @param shown What programs show that do not format values themselves. */
function cellOf(type: string, attributes: string, shown: string): string {
  return `<table:table-cell office:value-type="${type}" ${attributes}><text:p>${escaped(shown)}</text:p></table:table-cell>`;
}

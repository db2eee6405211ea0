import { type ByteSink, type Column, FormatError, type Value } from '@x/formats';
import { ByteWriter, type CellPlace, refuseUnnamed, type TableEncoder, textOf } from '@x/formats/rows';

import { format } from '../options.ts';

const forbidden = /(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}|\p{Surrogate}/u;

/** Writes a document with a table. White space that HTML would not keep is in `<pre>`, null is marked `data-null`. */
export class HtmlEncoder implements TableEncoder {
  readonly needsColumns = true;
  readonly #sink: ByteSink;
  readonly #title: string;
  readonly #out = new ByteWriter();
  #columns: readonly Column[] = [];

  constructor(sink: ByteSink, title: string) {
    this.#sink = sink;
    this.#title = title;
  }

  begin(columns: readonly Column[]): void {
    refuseUnnamed(columns, format);
    this.#columns = columns;
    const names = columns.map(({ name }) => `<th>${content(name, { format, row: 0, field: name })}</th>`);
    this.#out.text(
      `<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${escaped(this.#title)}</title>\n</head>\n<body>\n` +
        `<table>\n<thead>\n${names.length === 0 ? '' : `<tr>${names.join('')}</tr>\n`}</thead>\n<tbody>\n`,
    );
  }

  addRow(values: readonly Value[], row: number): void {
    let text = '<tr>';
    for (let i = 0; i < this.#columns.length; i++) {
      const { name, type } = this.#columns[i]!;
      const value = values[i];
      const place = { format, row, field: name, type };
      text +=
        value === null || value === undefined
          ? '<td data-null></td>'
          : `<td>${content(textOf(value, place), place)}</td>`;
    }
    this.#out.text(`${text}</tr>\n`);
  }

  drain(): Promise<void> {
    return this.#out.drain(this.#sink);
  }

  async end(): Promise<void> {
    this.#out.text('</tbody>\n</table>\n</body>\n</html>\n');
    await this.#out.drain(this.#sink, true);
  }
}

function content(text: string, place: CellPlace): string {
  const control = forbidden.exec(text);
  if (control !== null) {
    const code = control[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    throw new FormatError('UNREPRESENTABLE', `HTML has no character U+${code}`, {
      ...place,
      hint: 'take such characters out of the text, or read the column as binary',
    });
  }
  if (!/^[ \t\n\r]|[ \t\n\r]$|[\t\n\r]| {2}/.test(text)) return escaped(text);
  // The line feed behind <pre> is not read.
  return `<pre>${text.startsWith('\n') ? '\n' : ''}${escaped(text)}</pre>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

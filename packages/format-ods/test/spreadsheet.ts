import { MemorySink } from '@x/formats/contract-suite';
import { ArchiveWriter } from '@x/formats/zip';

const names = ['office', 'table', 'text', 'style']
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(' ');

export const documentOf = (sheets: string, styles = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${names}>` +
  `<office:automatic-styles>${styles}</office:automatic-styles>` +
  `<office:body><office:spreadsheet>${sheets}</office:spreadsheet></office:body></office:document-content>`;

/** A file with these parts. */
export async function archiveOf(parts: Readonly<Record<string, string>>): Promise<Buffer> {
  const sink = new MemorySink();
  const archive = new ArchiveWriter(sink, 'ods');
  for (const [name, text] of Object.entries(parts)) await archive.add(name, text);
  await archive.finish();
  return Buffer.from(sink.bytes);
}

/** A file with these sheets, as XML. */
export function spreadsheet(sheets: string, styles?: string): Promise<Buffer> {
  return archiveOf({ 'content.xml': documentOf(sheets, styles) });
}

export const sheetOf = (...rows: readonly string[]): string =>
  `<table:table table:name="S">${rows.join('')}</table:table>`;

/** A row of cells, as XML. */
export const row = (cells: string, times?: number): string =>
  `<table:table-row${times === undefined ? '' : ` table:number-rows-repeated="${times}"`}>${cells}</table:table-row>`;

/** A cell of text, as XML. */
export const cell = (text: string, more = ''): string =>
  `<table:table-cell office:value-type="string" ${more}><text:p>${text}</text:p></table:table-cell>`;

export const empty = (times: number): string =>
  `<table:table-cell table:number-columns-repeated="${times}"/>`;

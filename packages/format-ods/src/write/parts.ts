import { attribute } from './text-xml.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespaces = ['office', 'table', 'text', 'style', 'number']
  .map((name) => {
    const last = name === 'number' ? 'datastyle' : name;
    return `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${last}:1.0"`;
  })
  .join(' ');

export const mediaType = 'application/vnd.oasis.opendocument.spreadsheet';

export const contentPart = 'content.xml';

export const manifest = `${declaration}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${mediaType}"/><manifest:file-entry manifest:full-path="${contentPart}" manifest:media-type="text/xml"/></manifest:manifest>`;

const day =
  '<number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>';
const time =
  '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long" number:decimal-places="3"/>';

/** A style of cells, and that of their values. */
const style = (name: string, element: string, content: string): string =>
  `<number:${element} style:name="N${name}">${content}</number:${element}>` +
  `<style:style style:name="${name}" style:family="table-cell" style:data-style-name="N${name}"/>`;

const styles =
  style('day', 'date-style', day) +
  style('moment', 'date-style', `${day}<number:text> </number:text>${time}`) +
  style('time', 'time-style', time);

export function contentStart(sheet: string, columns: number): string {
  return (
    `${declaration}<office:document-content ${namespaces} office:version="1.3">` +
    `<office:automatic-styles>${styles}</office:automatic-styles><office:body><office:spreadsheet>` +
    `<table:table table:name="${attribute(sheet)}"><table:table-column table:number-columns-repeated="${columns}"/>`
  );
}

export const contentEnd = '</table:table></office:spreadsheet></office:body></office:document-content>';

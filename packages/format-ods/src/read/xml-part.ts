import { FormatError } from '@x/formats';
import { SaxesParser } from 'saxes';

import { corrupt, format, overLimit } from '../errors.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What is told of a part's elements, by their names with the usual prefixes. */
export interface XmlHandler {
  /** Whether nothing that follows matters. */
  readonly isDone?: boolean;
  open(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close(name: string): void;
}

const deepest = 256;
/** Characters of markup around a text. */
const slack = 256 * 1024;

/** Namespaces of OpenDocument, by the prefixes that all known programs give them. */
const namespaces = {
  office: 'urn:oasis:names:tc:opendocument:xmlns:office:1.0',
  table: 'urn:oasis:names:tc:opendocument:xmlns:table:1.0',
  text: 'urn:oasis:names:tc:opendocument:xmlns:text:1.0',
};

/**
 * Reads a part (XML 1.0) until the handler is done; the bytes are read to their end for the checksum. Only the
 * five entities that every document has are known; others, also those that a document type declares, and what is not
 * well-formed, are errors. Gives a turn
 * after each chunk.
 */
export async function* readXml(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  handler: XmlHandler,
  maxCellLength: number,
): AsyncGenerator<void, void> {
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  /** Characters since the parser has told something, which it holds. */
  let held = 0;
  parser.on('error', (error) => {
    if (handler.isDone !== true) throw corrupt(`${name} is not XML: ${error.message}`);
  });
  parser.on('opentag', ({ name: tag, attributes }) => {
    held = 0;
    if (++depth > deepest) throw overLimit(`${name} has more than ${deepest} levels`, 'nothing');
    handler.open(tag, attributes as Attributes);
  });
  const tell = (text: string): void => {
    held = 0;
    handler.text?.(text);
  };
  parser.on('text', tell);
  parser.on('cdata', tell);
  parser.on('closetag', ({ name: tag }) => {
    held = 0;
    depth--;
    handler.close(tag);
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw corrupt(`${name} is not UTF-8`, { cause });
    }
  };
  for await (const chunk of chunks) {
    if (handler.isDone === true) continue;
    const text = decode(chunk);
    held += text.length;
    parser.write(text);
    if (held > maxCellLength + slack) {
      throw overLimit(`${name} has a text of more than ${maxCellLength} characters`, 'maxCellLength');
    }
    yield;
  }
  if (handler.isDone === true) return;
  parser.write(decode());
  parser.close();
  yield;
}

/** @throws {FormatError} UNSUPPORTED for a document whose names would be taken for others. */
export function checkNamespaces(attributes: Attributes): void {
  for (const [prefix, namespace] of Object.entries(namespaces)) {
    if (attributes[`xmlns:${prefix}`] === namespace) continue;
    throw new FormatError('UNSUPPORTED', `the document does not call the namespace ${namespace} ${prefix}`, {
      format,
      hint: 'open it in a spreadsheet program and save it as .ods',
    });
  }
}

import { SaxesParser } from 'saxes';

import { corrupt, overLimit } from '../errors.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What is told of a part's elements, by names without prefix. */
export interface XmlHandler {
  open(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close(name: string): void;
}

const deepest = 64;

/**
 * Reads a part (XML 1.0). Only the five entities that every document has are known; others, and what is
 * not well-formed, are errors. Gives a turn after each chunk.
 */
export async function* readXml(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  handler: XmlHandler,
): AsyncGenerator<void, void> {
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  parser.on('error', (error) => {
    throw corrupt(`${name} is not XML: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw corrupt(`${name} has a document type, which no workbook has`);
  });
  parser.on('opentag', ({ name: tag, attributes }) => {
    if (++depth > deepest) throw overLimit(`${name} has more than ${deepest} levels`, 'nothing');
    handler.open(local(tag), attributes as Attributes);
  });
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  parser.on('closetag', ({ name: tag }) => {
    depth--;
    handler.close(local(tag));
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
    parser.write(decode(chunk));
    yield;
  }
  parser.write(decode());
  parser.close();
  yield;
}

/** Reads a part to its end. */
export async function readWhole(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  handler: XmlHandler,
): Promise<void> {
  for await (const _ of readXml(chunks, name, handler));
}

/** An attribute by its name without prefix. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  const own = attributes[name];
  if (own !== undefined) return own;
  const found = Object.keys(attributes).find((key) => key.endsWith(`:${name}`));
  return found === undefined ? undefined : attributes[found];
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

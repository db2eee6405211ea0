import type { ByteSource, EncodingOptions } from '@x/formats';
import { ByteReader, decodedText, Ended } from '@x/formats/rows';

import { format } from '../options.ts';

/** Where a document has to say its encoding (HTML, 4.2.5.4). */
const headBytes = 1024;

/** The text of a document, in the encoding that it says it has, with line feeds alone between lines (13.2.3.5). */
export function documentText(bytes: ByteSource, options: EncodingOptions): Ended<string> {
  const reader = new ByteReader(bytes, format);
  return new Ended(textOf(reader, options), () => reader.close());
}

async function* textOf(reader: ByteReader, options: EncodingOptions): AsyncGenerator<string, void> {
  const head = Buffer.from(await reader.peek(headBytes)).toString('latin1');
  const said = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1];
  // What says so in single bytes cannot be UTF-16.
  const encoding = options.encoding ?? (said === undefined || /^utf-?16/i.test(said) ? 'utf-8' : said);
  let endsWithReturn = false;
  for await (const text of decodedText(chunksOf(reader), format, { ...options, encoding })) {
    const own = endsWithReturn && text.startsWith('\n') ? text.slice(1) : text;
    endsWithReturn = text.endsWith('\r');
    if (own !== '') yield own.replaceAll(/\r\n?/g, '\n');
  }
}

async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (let chunk = await reader.chunk(); chunk !== undefined; chunk = await reader.chunk()) yield chunk;
}

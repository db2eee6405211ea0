import { TextDecoder } from 'node:util';

import { type ByteSource, FormatError } from '@x/formats';
import { ByteReader, decodedText, Ended } from '@x/formats/rows';

import { format } from '../options.ts';

/** Enough to tell the encoding by. */
const headBytes = 256;

/** The text of a document, in the encoding that it says it has (XML 1.0, appendix F). */
export function documentText(bytes: ByteSource): Ended<string> {
  const reader = new ByteReader(bytes, format);
  return new Ended(textOf(reader), () => reader.close());
}

async function* textOf(reader: ByteReader): AsyncGenerator<string, void> {
  const encoding = known(encodingOf(await reader.peek(headBytes)));
  yield* decodedText(chunksOf(reader), format, { encoding });
}

async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (let chunk = await reader.chunk(); chunk !== undefined; chunk = await reader.chunk()) yield chunk;
}

/** The name that the WHATWG Encoding Standard has for it. */
function known(encoding: string): string {
  try {
    return new TextDecoder(encoding).encoding;
  } catch (cause) {
    throw new FormatError('UNSUPPORTED', `the document is in the encoding ${encoding}, which is not known`, {
      format,
      cause,
    });
  }
}

function encodingOf(head: Uint8Array): string {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0x3c && second === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  const declared = /^\S{0,3}<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(
    Buffer.from(head).toString('latin1'),
  )?.[1];
  // What says so in single bytes cannot be it.
  return declared === undefined || /^utf-?16/i.test(declared) ? 'utf-8' : declared;
}

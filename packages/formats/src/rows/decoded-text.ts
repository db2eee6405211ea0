import type { ByteSource } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { Ended } from '../source/ended.ts';
import { endOfCharacters, firstInvalidUtf8 } from '../source/utf8.ts';
import { type EncodingOptions, Utf8Source } from '../source/utf8-source.ts';

/**
 * A source as text without its byte order mark, in the encoding that this says, or else `options`, or UTF-8.
 * No chunk ends within a surrogate pair.
 *
 * @throws {FormatError} INVALID_TEXT; BAD_OPTION at once.
 */
export function decodedText(bytes: ByteSource, format: string, options: EncodingOptions): Ended<string> {
  const source = new Utf8Source(bytes, format, options);
  const chunks = source[Symbol.asyncIterator]();
  return new Ended(decoded(chunks, source, format), () => chunks.return());
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  source: Utf8Source,
  format: string,
): AsyncGenerator<string, void> {
  /** The beginning of a character whose end is yet to come. */
  let begun = Buffer.alloc(0);
  let position = 0;
  const invalid = (what: string, at: number) =>
    new FormatError('INVALID_TEXT', what, {
      format,
      ...(!source.isTranscoded && { byteOffset: source.markLength + at }),
      hint: 'give the encoding that the file has with encoding',
    });
  for await (const chunk of chunks) {
    const bytes =
      begun.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([begun, chunk]);
    const end = endOfCharacters(bytes);
    const bad = firstInvalidUtf8(bytes, 0, end);
    // What stands in front of it is read first, so that it does not matter where chunks end.
    const text = bytes.toString('utf8', 0, bad < 0 ? end : bad);
    if (text !== '') yield text;
    if (bad >= 0) throw invalid('the bytes are not UTF-8', position + bad);
    begun = Buffer.from(bytes.subarray(end));
    position += end;
  }
  if (begun.length > 0) throw invalid('the text ends within a character', position);
}

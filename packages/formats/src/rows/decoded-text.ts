import type { ByteSource } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { type EncodingOptions, Utf8Source } from '../source/utf8-source.ts';

/**
 * A source as text without its byte order mark, in the encoding that this says, or else `options`, or UTF-8.
 * No chunk ends within a surrogate pair.
 *
 * @throws {FormatError} INVALID_TEXT; BAD_OPTION at once.
 */
export function decodedText(
  bytes: ByteSource,
  format: string,
  options: EncodingOptions,
): AsyncGenerator<string> {
  return decoded(new Utf8Source(bytes, format, options), format);
}

async function* decoded(source: Utf8Source, format: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let from = 0;
  const decode = (chunk: Uint8Array | undefined): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      const length = chunk?.length ?? 0;
      throw new FormatError(
        'INVALID_TEXT',
        length === 0 ? 'the text ends within a character' : `one of ${length} bytes is not UTF-8`,
        {
          format,
          byteOffset: source.markLength + from,
          hint: 'give the encoding that the file has with encoding',
          cause,
        },
      );
    }
  };
  for await (const chunk of source) {
    const text = decode(chunk);
    from += chunk.length;
    if (text !== '') yield text;
  }
  decode(undefined);
}

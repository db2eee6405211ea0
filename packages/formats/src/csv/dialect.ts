import { FormatError } from '../format-error.ts';
import type { Dialect } from './options.ts';

/** A dialect as the tokenizer and the writer use it: bytes. */
export interface ByteDialect {
  readonly delimiter: number;
  readonly quote: number;
}

/** @throws {FormatError} BAD_OPTION when an option is not one ASCII character, or stands for two things. */
export function byteDialect(format: string, dialect: Dialect, delimiter: string): ByteDialect {
  const resolved = {
    delimiter: asciiByte(format, 'delimiter', dialect.delimiter ?? delimiter),
    quote: asciiByte(format, 'quote', dialect.quote ?? '"'),
  };
  if (resolved.delimiter === resolved.quote) {
    throw new FormatError('BAD_OPTION', `delimiter and quote are both ${JSON.stringify(dialect.quote)}`, {
      format,
      hint: 'give each its own character',
    });
  }
  return resolved;
}

function asciiByte(format: string, option: string, text: string): number {
  const byte = text.charCodeAt(0);
  if (text.length !== 1 || byte > 126 || text === '\n' || text === '\r') {
    throw new FormatError('BAD_OPTION', `${option} is ${JSON.stringify(text)}`, {
      format,
      hint: `${option} takes one ASCII character that is not a line break`,
    });
  }
  return byte;
}

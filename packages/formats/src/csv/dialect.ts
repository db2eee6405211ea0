import { FormatError } from '../format-error.ts';

/** No byte is this. */
export const none = -1;

/** A dialect as the tokenizer uses it: bytes. */
export interface ByteDialect {
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
  readonly comment: number;
  /** Texts that mean null, which are looked for before escapes are taken out. */
  readonly nulls: readonly Buffer[];
}

export interface DialectOptions {
  readonly delimiter: string;
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
  readonly comment?: string | undefined;
  readonly nullValues?: readonly string[] | undefined;
}

/** @throws {FormatError} BAD_OPTION when an option is not one ASCII character, or stands for two things. */
export function byteDialect(format: string, options: DialectOptions): ByteDialect {
  const quote = optionalByte(format, 'quote', options.quote ?? '"');
  const escape = optionalByte(format, 'escape', options.escape ?? '');
  const dialect = {
    delimiter: asciiByte(format, 'delimiter', options.delimiter),
    quote,
    // A quote that escapes a quote is a doubled quote.
    escape: escape === quote ? none : escape,
    comment: optionalByte(format, 'comment', options.comment ?? ''),
    nulls: (options.nullValues ?? []).map((text) => Buffer.from(text)),
  };
  const names = ['delimiter', 'quote', 'escape', 'comment'] as const;
  for (const [i, name] of names.entries()) {
    const twin = names
      .slice(0, i)
      .find((other) => dialect[name] !== none && dialect[other] === dialect[name]);
    if (twin !== undefined) {
      throw new FormatError(
        'BAD_OPTION',
        `${twin} and ${name} are both ${JSON.stringify(String.fromCharCode(dialect[name]))}`,
        { format, hint: 'give each its own character' },
      );
    }
  }
  return dialect;
}

function optionalByte(format: string, option: string, text: string): number {
  return text === '' ? none : asciiByte(format, option, text);
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

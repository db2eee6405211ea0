import { FormatError } from '../format-error.ts';
import { flag, oneOf } from '../option-checks.ts';
import { byteDialect, none } from './dialect.ts';
import type { CsvWriteOptions } from './options.ts';

/** The write options with their defaults, checked. */
export interface WritePlan {
  readonly format: string;
  readonly delimiter: number;
  readonly quote: number;
  readonly header: boolean;
  readonly crlf: boolean;
  readonly quoteAll: boolean;
  readonly nullText: string;
  /** Whether text that reads like null is quoted. */
  readonly quotesNullText: boolean;
  readonly booleans: readonly [string, string];
  readonly guardFormulas: boolean;
  readonly byteOrderMark: boolean;
  readonly onExtraKey: 'error' | 'drop';
  readonly onBadRow: CsvWriteOptions['onBadRow'];
  readonly onPartialRow: CsvWriteOptions['onPartialRow'];
  /** Whether the kernel can write it. */
  readonly isPlain: boolean;
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes. */
export function planWrite(format: string, delimiter: string, options: CsvWriteOptions): WritePlan {
  const dialect = byteDialect(format, { delimiter: options.delimiter ?? delimiter, quote: options.quote });
  const { nullValue, booleans = ['true', 'false'] } = options;
  const guardFormulas = flag(format, 'guardFormulas', options.guardFormulas, false);
  const special = new Set(['\n', '\r', String.fromCharCode(dialect.delimiter)]);
  if (dialect.quote !== none) special.add(String.fromCharCode(dialect.quote));
  // Text is quoted where it has to be; null is not.
  if (nullValue !== undefined && Array.from(nullValue).some((character) => special.has(character))) {
    throw new FormatError('BAD_OPTION', `nullValue is ${JSON.stringify(nullValue)}`, {
      format,
      hint: 'it takes text without delimiters, quotes and line breaks',
    });
  }
  const hasPlainBooleans = booleans[0] === 'true' && booleans[1] === 'false';
  return {
    format,
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    header: flag(format, 'header', options.header, true),
    crlf: oneOf(format, 'lineEnding', options.lineEnding, ['\n', '\r\n']) === '\r\n',
    quoteAll: oneOf(format, 'quoting', options.quoting, ['needed', 'all']) === 'all',
    nullText: nullValue ?? '',
    quotesNullText: nullValue !== undefined,
    booleans,
    guardFormulas,
    byteOrderMark: flag(format, 'byteOrderMark', options.byteOrderMark, false),
    onExtraKey: oneOf(format, 'onExtraKey', options.onExtraKey, ['error', 'drop']),
    onBadRow: options.onBadRow,
    onPartialRow: options.onPartialRow,
    isPlain: !guardFormulas && hasPlainBooleans && dialect.quote !== none,
  };
}

import type { Format, OptionNames } from '../contract.ts';
import type { CsvReadOptions, CsvWriteOptions } from './options.ts';
import { planCsvRead } from './read-plan.ts';
import { DelimitedReader } from './reader.ts';
import { DelimitedWriter } from './writer.ts';

export type DelimitedFormat = Format<CsvReadOptions, CsvWriteOptions>;

const optionNames: OptionNames<CsvReadOptions, CsvWriteOptions> = {
  read: {
    delimiter: true,
    quote: true,
    escape: true,
    comment: true,
    header: true,
    skipLines: true,
    encoding: true,
    onInvalidText: true,
    onRagged: true,
    onDuplicateColumn: true,
    onEmptyColumnName: true,
    maxRecordBytes: true,
  },
  write: {
    delimiter: true,
    quote: true,
    header: true,
    lineEnding: true,
    quoting: true,
    nullValue: true,
    booleans: true,
    guardFormulas: true,
    onExtraKey: true,
    byteOrderMark: true,
  },
};

/** Comma-separated values (RFC 4180). */
export const csv = (): DelimitedFormat => delimited('csv', ',', ['text/csv']);

/** Tab-separated values, quoted as in CSV. */
export const tsv = (): DelimitedFormat =>
  delimited('tsv', '\t', ['text/tab-separated-values'], ['.tsv', '.tab']);

/** Values separated by `|`. */
export const psv = (): DelimitedFormat => delimited('psv', '|', ['text/pipe-separated-values']);

/** Values separated by semicolons, as spreadsheets write where the comma is the decimal point. */
export const ssv = (): DelimitedFormat => delimited('ssv', ';', ['text/semicolon-separated-values']);

function delimited(
  name: string,
  delimiter: string,
  mediaTypes: readonly string[],
  extensions: readonly string[] = [`.${name}`],
): DelimitedFormat {
  return {
    name,
    extensions,
    mediaTypes,
    capabilities: { read: true, write: true, typed: false, nested: false, randomAccess: 'unused' },
    optionNames,
    createReader: (bytes, options = {}) =>
      new DelimitedReader(bytes, planCsvRead(name, delimiter, options), options),
    createWriter: (sink, options = {}) => new DelimitedWriter(sink, name, delimiter, options),
  };
}

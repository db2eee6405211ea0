export type * from './contract.ts';
export { csv, psv, ssv, tsv, type DelimitedFormat } from './csv/format.ts';
export type { CsvReadOptions, CsvWriteOptions, Dialect } from './csv/options.ts';
export { FormatError, type FormatErrorCode, type FormatErrorDetails } from './format-error.ts';
export { type AnyFormat, byName, detectFormat, formats } from './formats.ts';
export { jsonl } from './json/format.ts';
export type { JsonReadOptions } from './json/options.ts';
export { rowsBatch } from './rows-batch.ts';
export { Decimal } from './value/decimal.ts';

export { convert } from './convert.ts';
export { ConvertError, type ConvertErrorCode } from './errors.ts';
export type { ConvertOptions, Endpoint } from './options.ts';
export type { ConversionResult } from './result.ts';

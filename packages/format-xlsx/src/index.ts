export { xlsx } from './format.ts';
export type { XlsxReadOptions, XlsxWriteOptions } from './options.ts';

export { arrow, arrowStream } from './format.ts';
export type { ArrowReadOptions, ArrowWriteOptions } from './options.ts';

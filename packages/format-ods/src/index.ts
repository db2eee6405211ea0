export { ods } from './format.ts';
export type { OdsReadOptions, OdsWriteOptions } from './options.ts';

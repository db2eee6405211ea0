export { ods } from './format.ts';
export type { OdsReadOptions } from './options.ts';

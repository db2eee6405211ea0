export { fixedWidth } from './format.ts';
export type { FixedField, FixedWidthReadOptions } from './options.ts';

export { fixedWidth } from './format.ts';
export type { FixedField, FixedWidthReadOptions, FixedWidthWriteOptions, WrittenField } from './options.ts';

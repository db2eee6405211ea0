export { bson } from './format.ts';
export type { BsonReadOptions, BsonWriteOptions } from './options.ts';

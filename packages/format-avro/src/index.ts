export { avro } from './format.ts';
export type { AvroReadOptions, AvroWriteOptions } from './options.ts';

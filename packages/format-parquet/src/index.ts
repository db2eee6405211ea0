export { parquet } from './format.ts';
export type { ParquetReadOptions, ParquetWriteOptions } from './options.ts';

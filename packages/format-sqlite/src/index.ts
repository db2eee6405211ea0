export { sqlite } from './format.ts';
export type { SqliteReadOptions, SqliteWriteOptions } from './options.ts';

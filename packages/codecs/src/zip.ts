export type { ZipEntry, ZipListOptions, ZipSource } from './zip/entry.ts';
export { listZipEntries } from './zip/list-entries.ts';
export { readZipEntry, type ZipReadOptions } from './zip/read-entry.ts';
export { writeZipEntry, type ZipWriteOptions } from './zip/write-entry.ts';

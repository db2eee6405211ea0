// For packages that make formats whose files are zip archives.
export { Archive } from './zip/archive.ts';
export { ArchiveWriter } from './zip/archive-writer.ts';

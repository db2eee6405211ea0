export { AtomicFile, open } from './atomic-file.ts';
export { AtomicWriteError, type AtomicWriteErrorCode } from './errors.ts';
export type { Durability, Options, TempName } from './options.ts';
export type { Chunk, Source } from './source.ts';
export { tempPathFor } from './temp-name.ts';
export { writeFile, writeFileSync } from './write-file.ts';

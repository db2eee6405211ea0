export { AtomicFile, open } from './atomic-file.ts';
export { cleanupOnSignals } from './cleanup/signals.ts';
export { commitAll } from './commit-all.ts';
export type { AtomicWriteErrorCode } from './error-codes.ts';
export { AtomicWriteError } from './errors.ts';
export type {
  Durability,
  Options,
  PathLike,
  ReplaceOptions,
  SweepOptions,
  TempName,
  WriteStreamOptions,
} from './options.ts';
export { replace, replaceSync } from './replace.ts';
export { sweep } from './sweep.ts';
export { symlink } from './symlink.ts';
export { tempPathFor } from './temp-name/temp-name.ts';
export { AtomicWriteWarning, type AtomicWriteWarningCode } from './warnings.ts';
export { writeFile, writeFileSync } from './write-file.ts';
export { AtomicWriteStream, createWriteStream } from './write-stream.ts';
export type { Chunk, Source } from './write/source.ts';

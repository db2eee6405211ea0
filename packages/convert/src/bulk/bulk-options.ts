import type { ConvertOptions, Endpoint, Filled, ParsedOptions } from '../options.ts';
import type { Progress } from '../progress.ts';

/** How far all files together are. The total of bytes is that of the files that were found. */
export interface BulkProgress extends Progress {
  /** Files that are done: converted, skipped or failed. */
  readonly filesDone: number;
  readonly filesTotal: number;
}

/** Format, codec and options of the outputs, with the pattern of their names. */
export interface BulkTarget extends Endpoint {
  /** As the text form of `to`. Default: `{stem}` with the extensions of format and codec. */
  readonly pattern?: string | undefined;
}

export interface BulkOptions extends Omit<ConvertOptions, 'to' | 'onProgress'> {
  /**
   * What becomes of the files: an extension (`jsonl.gz`), or a pattern with `{name}` (the whole
   * file name), `{stem}` (without the extensions of format and codec) and `{ext}` (those
   * extensions, without the first dot): `{stem}-clean.{ext}`. A pattern may name folders.
   */
  readonly to: string | BulkTarget;
  /** Also take the files in the folders of a folder. Default `false`. Globs say it by `**`. */
  readonly recursive?: boolean | undefined;
  /** Keep the folders below the one that was searched. Default `false`: all outputs side by side. */
  readonly preserveDirs?: boolean | undefined;
  /**
   * Worker threads, each with a few files in hand, so that one is converted while others are synced;
   * 1 is one file after the other, in this thread. Default: as many as there are processors, 8 at most,
   * and 1 where all files together are smaller than 8 MB. Threads wait five seconds for a next call, without
   * keeping the process running. Options that hold functions, such as
   * `formats`, cannot be sent to a thread, and where addresses are limited (`ulimit -v`) Node.js may not
   * survive the start of one; so many files then take turns in this one.
   */
  readonly concurrency?: number | undefined;
  /** After a failure, start no further file. Those that are running end. Default `false`. */
  readonly stopOnError?: boolean | undefined;
  /** What becomes of an output that is already there; `'error'` is that file's failure. Default `'overwrite'`. */
  readonly onExists?: 'overwrite' | 'skip' | 'error' | undefined;
  /**
   * File for what became of each file, as JSON, written last and atomically. With
   * `onExists: 'skip'`, a next run reads it and does those files again that failed or have changed.
   */
  readonly manifest?: string | URL | undefined;
  /** Folder for what was skipped: `<output>.rejects.jsonl` for each output. */
  readonly rejects?: string | URL | undefined;
  /** Told how far all files together are; once more at the end. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /**
   * Told how many files have been found, a thousand at a time, and once more when all are: before the
   * first one is converted. What it throws ends the conversion, of which nothing has been written then.
   */
  readonly onFound?: ((files: number) => void) | undefined;
}

/** Checked, with the defaults filled in. */
export type ParsedBulkOptions = Omit<ParsedOptions, 'to' | 'onProgress'> &
  Filled<
    Omit<BulkOptions, Exclude<keyof ConvertOptions, 'to' | 'onProgress'>>,
    'recursive' | 'preserveDirs' | 'stopOnError' | 'onExists'
  >;

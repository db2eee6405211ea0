import type { ParsedOptions } from '../options.ts';
import type { Progress } from '../progress.ts';
import type { ConversionResult } from '../result.ts';
import type { ForFifos } from '../source/fifo-source.ts';
import type { WireError } from './error-wire.ts';

/** What all conversions of one call are told, with the defaults filled in. */
export type SharedOptions = Omit<ParsedOptions, 'rejects' | 'onProgress' | 'signal'> & {
  readonly batchSize: number;
};

/** What all conversions of one call are told, and a thread before the first of them: plain data. */
export interface SharedOrder {
  readonly options: SharedOptions;
  readonly reportsProgress: boolean;
}

/** What a thread is given at its start. */
export interface ThreadData extends ForFifos {
  /** One number, of shared memory: not 0 once the thread has ended because the process does. */
  readonly ended: Int32Array;
}

/** To a thread. */
export type Order =
  /** What the conversions from here on are told. None is under way. */
  | { readonly kind: 'begin'; readonly shared: SharedOrder }
  | {
      readonly kind: 'convert';
      /** Names the job in its reports. */
      readonly id: number;
      readonly source: string;
      readonly destination: string;
      readonly rejects: string | undefined;
    }
  /** The job with this number, or all of them. */
  | { readonly kind: 'abort'; readonly id: number | undefined }
  /** The process ends, and with it the thread; its temps are to be removed at once. */
  | { readonly kind: 'exit' };

/** From a thread, about the job with this number. */
export type Report = { readonly id: number } & (
  | { readonly kind: 'progress'; readonly progress: Progress }
  | {
      readonly kind: 'succeeded';
      readonly result: Omit<ConversionResult, 'errors'>;
      readonly errors: readonly WireError[];
    }
  | { readonly kind: 'failed'; readonly error: WireError }
);

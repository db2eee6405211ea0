import type { ConvertOptions } from '../options.ts';
import type { Progress } from '../progress.ts';
import type { ConversionResult } from '../result.ts';
import type { WireError } from './error-wire.ts';

/** What a thread is given at its start: options that are plain data. */
export interface ThreadData {
  readonly options: ConvertOptions;
  readonly reportsProgress: boolean;
  /** An `Int32Array` of one: how many threads have ended because the process does. */
  readonly ended: SharedArrayBuffer;
}

/** To a thread. It converts one file at a time. */
export type Order =
  | {
      readonly kind: 'convert';
      readonly source: string;
      readonly destination: string;
      readonly rejects: string | undefined;
    }
  | { readonly kind: 'abort' }
  /** The process ends, and with it the thread; its temps are to be removed at once. */
  | { readonly kind: 'exit' };

/** From a thread. */
export type Report =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | {
      readonly kind: 'succeeded';
      readonly result: Omit<ConversionResult, 'errors'>;
      readonly errors: readonly WireError[];
    }
  | { readonly kind: 'failed'; readonly error: WireError };

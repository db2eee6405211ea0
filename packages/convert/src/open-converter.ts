import { availableParallelism } from 'node:os';

import { defaultBatchSize } from './convert.ts';
import type { ConvertOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import type { ConversionResult } from './result.ts';
import { runPlan } from './run-plan.ts';

/** One file to convert. */
export interface ConversionJob {
  readonly source: string;
  readonly destination: string;
  /** File for the rows that are skipped, if they are wanted. */
  readonly rejects?: string | undefined;
}

/** Converts files as `convert` does it, in threads where the options can be sent to one and the process may have them. */
export interface Converter {
  /**
   * As many at a time as are asked for.
   *
   * @param signal Ends this one, and no other.
   */
  convert(job: ConversionJob, signal?: AbortSignal): Promise<ConversionResult>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * Threads for those who hand out files themselves.
 *
 * @param threads Threads at most. Default: as many as there are processors.
 * @throws {ConvertError} `BAD_OPTION`
 */
export async function openConverter(
  options: ConvertOptions = {},
  threads: number = availableParallelism(),
): Promise<Converter> {
  const { signal, rejects: _, onProgress: _p, ...parsed } = parseOptions(options);
  const shared = { ...parsed, batchSize: parsed.batchSize ?? defaultBatchSize };
  const { canUseThreads } = await import('./bulk/thread.ts');
  const { ThreadRunner } = await import('./bulk/thread-runner.ts');
  if (!canUseThreads(shared, threads)) {
    return {
      convert: ({ source, destination, rejects }, own) =>
        runPlan({ source, destination, options: { ...shared, rejects, signal: eitherOf(signal, own) } }),
      close: () => Promise.resolve(),
    };
  }
  const runner = new ThreadRunner(
    { options: shared, reportsProgress: false },
    { mostThreads: threads, filesPerThread: 1, signal },
  );
  return {
    convert: ({ source, destination, rejects }, own) =>
      runner.run({ source, destination, rejects }, () => undefined, own),
    close: () => runner.terminate(),
  };
}

const eitherOf = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal =>
  AbortSignal.any(signals.filter((signal) => signal !== undefined));

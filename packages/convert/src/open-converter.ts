import { availableParallelism } from 'node:os';

import type { SharedOptions } from './bulk/wire.ts';
import { defaultBatchSize } from './convert.ts';
import { ConvertError } from './errors.ts';
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
  /** Aborts what is in hand, which fails with `CLOSED`, and ends the threads once it has. */
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
  const closing = new AbortController();
  const ending = eitherOf(signal, closing.signal);
  const { run, end } = await converting(shared, threads, ending);
  const running = new Set<Promise<unknown>>();
  return {
    convert: async (job, own) => {
      const conversion = run(job, own).catch((error: unknown) => {
        // Of an abort, a thread tells what is not the reason itself.
        ending.throwIfAborted();
        throw error;
      });
      running.add(conversion);
      try {
        return await conversion;
      } finally {
        running.delete(conversion);
      }
    },
    close: async () => {
      closing.abort(new ConvertError('CLOSED', 'the converter has been closed'));
      // Those that are at work remove their temps, for which a thread that is ended gets no time.
      await Promise.allSettled(running);
      await end();
    },
  };
}

/** How a file is converted, in threads or in this one, until an abort of all. */
async function converting(
  shared: SharedOptions,
  threads: number,
  ending: AbortSignal,
): Promise<{ readonly run: Converter['convert']; readonly end: () => Promise<void> }> {
  const { canUseThreads } = await import('./bulk/thread.ts');
  const { ThreadRunner } = await import('./bulk/thread-runner.ts');
  if (!canUseThreads(shared, threads)) {
    return {
      run: ({ source, destination, rejects }, own) =>
        runPlan({ source, destination, options: { ...shared, rejects, signal: eitherOf(ending, own) } }),
      end: async () => {},
    };
  }
  const runner = new ThreadRunner(
    { options: shared, reportsProgress: false },
    { mostThreads: threads, filesPerThread: 1, signal: ending },
  );
  return {
    run: ({ source, destination, rejects }, own) =>
      runner.run({ source, destination, rejects }, () => undefined, own),
    end: () => runner.terminate(),
  };
}

const eitherOf = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal =>
  AbortSignal.any(signals.filter((signal) => signal !== undefined));

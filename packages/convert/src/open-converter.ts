import type { ConvertOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import type { ConversionResult } from './result.ts';

/** One file to convert. */
export interface ConversionJob {
  readonly source: string;
  readonly destination: string;
  /** File for the rows that are skipped, if they are wanted. */
  readonly rejects?: string | undefined;
}

/** Converts files as `convert` does it, in threads where the options can be sent to one. */
export interface Converter {
  /** As many at a time as are asked for. */
  convert(job: ConversionJob): Promise<ConversionResult>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * Threads for those who hand out files themselves, one after the other to each.
 *
 * @throws {ConvertError} `BAD_OPTION`
 */
export async function openConverter(options: ConvertOptions = {}): Promise<Converter> {
  parseOptions(options);
  const { signal, rejects: _, onProgress: _p, ...shared } = options;
  const [{ canUseThreads, ThreadRunner }, { convert }] = await Promise.all([
    import('./bulk/thread-runner.ts'),
    import('./convert.ts'),
  ]);
  if (!canUseThreads(shared)) {
    return {
      convert: ({ source, destination, rejects }) =>
        convert(source, destination, { ...shared, rejects, signal }),
      close: () => Promise.resolve(),
    };
  }
  const threads = new ThreadRunner({ options: shared, reportsProgress: false }, signal);
  return {
    convert: ({ source, destination, rejects }) =>
      threads.run({ source, destination, rejects, sourceState: undefined }, () => undefined),
    close: () => threads.close(),
  };
}

import type { BulkOptions } from './bulk/bulk-options.ts';
import type { FoundFiles } from './bulk/found-files.ts';
import type { ConversionJob } from './open-converter.ts';
import type { ConvertOptions } from './options.ts';

/** What is to be converted into what, and how each conversion is told. */
export interface BulkPlan {
  /** In the order of the sources, each made when it is asked for. */
  readonly files: AsyncIterable<ConversionJob>;
  /** For {@link openConverter}. */
  readonly options: ConvertOptions;
}

/**
 * The files of a bulk conversion, found, named and checked as `bulkConvert` does it, without converting any: for
 * those who hand them out themselves.
 *
 * @param found Keeps the files that are found; of its own, planning holds some 60 bytes for each, however long its path.
 * Default: in memory.
 * @throws {ConvertError} What `bulkConvert` raises before it writes anything. An abort throws its reason.
 */
export async function planBulk(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: BulkOptions,
  found?: FoundFiles,
): Promise<BulkPlan> {
  const { findJobs, conversionOptions } = await import('./bulk/run-bulk.ts');
  const files = await findJobs(sources, outDir, options, found);
  return { files, options: conversionOptions(options) };
}

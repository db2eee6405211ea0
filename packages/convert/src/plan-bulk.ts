import type { BulkOptions } from './bulk/bulk-options.ts';
import type { ConversionJob } from './open-converter.ts';
import type { ConvertOptions } from './options.ts';

/** What is to be converted into what, and how each conversion is told. */
export interface BulkPlan {
  readonly files: readonly ConversionJob[];
  /** For {@link openConverter}. */
  readonly options: ConvertOptions;
}

/**
 * The files of a bulk conversion, found and named as `bulkConvert` does it, without converting any: for
 * those who hand them out themselves.
 *
 * @throws {ConvertError} What `bulkConvert` raises before it writes anything.
 */
export async function planBulk(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: BulkOptions,
): Promise<BulkPlan> {
  const { findJobs, conversionOptions } = await import('./bulk/run-bulk.ts');
  const files = await findJobs(sources, outDir, options);
  return { files, options: conversionOptions(options) };
}

import type { BulkOptions } from './bulk/bulk-options.ts';
import type { BulkConversionResult } from './bulk/bulk-result.ts';

/**
 * Converts many files, several at a time.
 *
 * Each file is converted as `convert` does it; one that fails is in the result, with its error, and
 * does not stop the rest. The output folder is made if it is not there.
 *
 * @param sources Paths, file URLs, folders, and globs as `data/*.csv`. Dotfiles and temps are left out.
 * @throws {ConvertError} Before anything is written: bad options, `OUTPUT_COLLISION`, a glob without
 * matches, a folder that cannot be read, a folder of the manifest that cannot be made. An abort throws the
 * signal's reason.
 * @throws {ManifestError} At the end, if the manifest cannot be written: with the result.
 */
export async function bulkConvert(
  sources: string | URL | readonly (string | URL)[],
  outDir: string | URL,
  options: BulkOptions,
): Promise<BulkConversionResult> {
  // Threads, globs and manifests are loaded by those who use them, since most programs convert one file.
  const { runBulk } = await import('./bulk/run-bulk.ts');
  return runBulk(sources, outDir, options);
}

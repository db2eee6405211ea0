import { ConvertError } from '../errors.ts';
import type { BulkConversionResult } from './bulk-result.ts';

/**
 * The files have been dealt with, and the manifest that was to tell of them could not be written: the one of the run
 * before, if there is one, is as it was. Its code is `MANIFEST_NOT_WRITTEN`.
 */
export class ManifestError extends ConvertError {
  /** What became of each file; after an abort too, which then is not thrown itself. */
  readonly result: BulkConversionResult;

  constructor(path: string, result: BulkConversionResult, cause: unknown) {
    const hint = 'mend that and run again; until then only `result` tells what became of each file';
    super(
      'MANIFEST_NOT_WRITTEN',
      `the manifest could not be written: ${reasonOf(cause)}`,
      { path, hint },
      { cause },
    );
    this.result = result;
  }
}

/** What the system said; the layer between speaks of temps, and gives advice of its own. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

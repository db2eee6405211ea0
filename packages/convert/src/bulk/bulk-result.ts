import type { ConversionCounts } from '../result.ts';
import type { BulkMeter } from './bulk-progress.ts';
import type { FileResult } from './run-jobs.ts';

/** The counts are sums over the files that succeeded. */
export interface BulkConversionResult extends ConversionCounts {
  /** In the order of the sources, whatever the concurrency. */
  readonly files: readonly FileResult[];
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly elapsedMs: number;
  /** What went wrong beside the conversions themselves. */
  readonly warnings: readonly string[];
}

/** @param meter Knows the time, and what went wrong beside the conversions. */
export function summary(
  files: readonly FileResult[],
  meter: Pick<BulkMeter, 'elapsedMs' | 'warnings'>,
): BulkConversionResult {
  const having = (status: FileResult['status']): number =>
    files.filter((file) => file.status === status).length;
  const sum = (count: keyof ConversionCounts): number =>
    files.reduce((total, { result }) => total + (result?.[count] ?? 0), 0);
  return {
    files,
    succeeded: having('succeeded'),
    failed: having('failed'),
    skipped: having('skipped'),
    rowsRead: sum('rowsRead'),
    rowsWritten: sum('rowsWritten'),
    rowsSkipped: sum('rowsSkipped'),
    rowsDropped: sum('rowsDropped'),
    bytesRead: sum('bytesRead'),
    bytesWritten: sum('bytesWritten'),
    elapsedMs: meter.elapsedMs,
    warnings: meter.warnings,
  };
}

import type { ConversionResult } from '@x/convert';

import { counted, duration, size } from './quantity.ts';
import { visible } from './visible-text.ts';

/**
 * `1,234 rows, 5.60 MB → 789 kB in 0.12 s`.
 *
 * @param rejects Where the skipped rows are, if they were kept.
 */
export function describeResult(result: ConversionResult, rejects?: string): string {
  const { rowsWritten, rowsSkipped, bytesRead, bytesWritten, elapsedMs } = result;
  const skipped =
    rowsSkipped === 0
      ? ''
      : ` (${counted(rowsSkipped, 'row')} skipped${rejects === undefined ? '' : `: ${visible(rejects)}`})`;
  const rows = `${counted(rowsWritten, 'row')}${skipped}`;
  return `${rows}, ${size(bytesRead)} → ${size(bytesWritten)} in ${duration(elapsedMs)}`;
}

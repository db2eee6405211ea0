import type { ConversionResult } from '@x/convert';

import { counted, duration, size } from './quantity.ts';

/** `1,234 rows, 5.60 MB → 789 kB in 0.12 s`. */
export function describeResult(result: ConversionResult): string {
  const { rowsWritten, rowsSkipped, bytesRead, bytesWritten, elapsedMs } = result;
  const skipped = rowsSkipped === 0 ? '' : ` (${counted(rowsSkipped, 'row')} skipped)`;
  const rows = `${counted(rowsWritten, 'row')}${skipped}`;
  return `${rows}, ${size(bytesRead)} → ${size(bytesWritten)} in ${duration(elapsedMs)}`;
}

import type { ConversionResult } from '@x/convert';

const count = new Intl.NumberFormat('en-US');

/** `1,234 rows, 5.6 MB → 789 kB in 0.12 s`. */
export function describeResult(result: ConversionResult): string {
  const { rowsWritten, bytesRead, bytesWritten, elapsedMs } = result;
  const rows = `${count.format(rowsWritten)} ${rowsWritten === 1 ? 'row' : 'rows'}`;
  return `${rows}, ${bytes(bytesRead)} → ${bytes(bytesWritten)} in ${(elapsedMs / 1000).toFixed(2)} s`;
}

/** Decimal units, as disks and networks count. */
function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n / 1000;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${value.toPrecision(3)} ${units[unit]}`;
}

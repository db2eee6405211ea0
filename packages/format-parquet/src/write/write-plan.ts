import zlib from 'node:zlib';

import { FormatError } from '@x/formats';
import { count, oneOf, type SettlingPlan } from '@x/formats/columns';

import type { ParquetWriteOptions } from '../options.ts';

/** The write options with their defaults, checked. */
export interface ParquetWritePlan extends SettlingPlan {
  readonly compression: 'snappy' | 'zstd' | 'uncompressed';
  readonly compressionLevel: number;
  readonly rowGroupSize: number;
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes; UNAVAILABLE for zstd where it is not. */
export function planWrite(options: ParquetWriteOptions): ParquetWritePlan {
  const { compressionLevel = 3 } = options;
  if (!Number.isInteger(compressionLevel) || compressionLevel < -7 || compressionLevel > 22) {
    throw new FormatError('BAD_OPTION', `compressionLevel is ${String(compressionLevel)}`, {
      format: 'parquet',
      hint: 'it takes a whole number from -7 to 22',
    });
  }
  const compression = oneOf('parquet', 'compression', options.compression, [
    'snappy',
    'zstd',
    'uncompressed',
  ]);
  if (compression === 'zstd' && !('zstdCompressSync' in zlib)) {
    throw new FormatError('UNAVAILABLE', `Node.js ${process.versions.node} has no zstd`, {
      format: 'parquet',
      hint: `use Node.js 22.15 or newer, or compression: 'snappy'`,
    });
  }
  return {
    format: 'parquet',
    compression,
    compressionLevel,
    rowGroupSize: count('parquet', 'rowGroupSize', options.rowGroupSize, 131_072, 1),
    scanLimit: count('parquet', 'scanLimit', options.scanLimit, 1000, 1),
    nested: oneOf('parquet', 'nested', options.nested, ['columns', 'json']),
    onExtraKey: oneOf('parquet', 'onExtraKey', options.onExtraKey, ['error', 'drop']),
    onBadRow: options.onBadRow,
    onPartialRow: options.onPartialRow,
  };
}

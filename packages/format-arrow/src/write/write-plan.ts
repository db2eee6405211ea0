import { FormatError } from '@x/formats';
import { count, oneOf, type SettlingPlan } from '@x/formats/columns';

import { zstd } from '../codec/codecs.ts';
import type { CompressionName } from '../metadata/read-message.ts';
import type { ArrowWriteOptions } from '../options.ts';

/** The write options with their defaults, checked. */
export interface ArrowWritePlan extends SettlingPlan {
  readonly container: 'file' | 'stream';
  readonly compression: CompressionName | undefined;
  readonly compressionLevel: number | undefined;
  readonly recordBatchSize: number;
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes; UNAVAILABLE for zstd where it is not. */
export function planWrite(
  format: string,
  container: 'file' | 'stream',
  options: ArrowWriteOptions,
): ArrowWritePlan {
  const { compressionLevel } = options;
  const compression = oneOf(format, 'compression', options.compression, ['uncompressed', 'lz4', 'zstd']);
  if (compressionLevel !== undefined) {
    const isLevel = Number.isInteger(compressionLevel) && compressionLevel >= -7 && compressionLevel <= 22;
    if (!isLevel || compression !== 'zstd') {
      throw new FormatError('BAD_OPTION', `compressionLevel is ${String(compressionLevel)}`, {
        format,
        hint: `it takes a whole number from -7 to 22, with compression: 'zstd'`,
      });
    }
  }
  if (compression === 'zstd') zstd();
  return {
    format,
    container,
    compression: compression === 'uncompressed' ? undefined : compression,
    compressionLevel,
    recordBatchSize: count(format, 'recordBatchSize', options.recordBatchSize, 65_536, 1),
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
    nested: oneOf(format, 'nested', options.nested, ['columns', 'json']),
    onExtraKey: oneOf(format, 'onExtraKey', options.onExtraKey, ['error', 'drop']),
    onBadRow: options.onBadRow,
    onPartialRow: options.onPartialRow,
  };
}

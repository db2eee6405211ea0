import { count, planRows, type RowPlan } from '@x/formats/columns';

import type { ParquetReadOptions } from '../options.ts';

/** The read options with their defaults, checked. */
export interface ParquetReadPlan extends RowPlan {
  readonly types: ParquetReadOptions['types'];
  readonly maxPageBytes: number;
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes. */
export function planRead(options: ParquetReadOptions): ParquetReadPlan {
  return {
    ...planRows('parquet', options),
    types: options.types,
    maxPageBytes: count('parquet', 'maxPageBytes', options.maxPageBytes, 256 * 1024 * 1024, 1),
  };
}

import { count, planSheet, type SheetPlan, type SheetReadOptions } from '@x/formats/rows';
import type { SheetWriteOptions } from '@x/formats/zip';

import { format } from './errors.ts';

export interface XlsxReadOptions extends SheetReadOptions {
  /** Bytes that the shared texts of the workbook may have, which are held in memory. Default 1 GiB. */
  readonly maxSharedBytes?: number;
}

/** Cells have 32,767 characters unless `maxCellLength` says more, which Excel does not open. */
export type XlsxWriteOptions = SheetWriteOptions;

export const maxCellLength = 32_767;

export interface ReadPlan extends SheetPlan {
  readonly maxSharedBytes: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: XlsxReadOptions): ReadPlan {
  return {
    ...planSheet(format, options),
    maxSharedBytes: count(format, 'maxSharedBytes', options.maxSharedBytes, 1024 ** 3, 1),
  };
}

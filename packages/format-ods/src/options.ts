import { count, planSheet, type SheetPlan, type SheetReadOptions } from '@x/formats/rows';
import type { SheetWriteOptions } from '@x/formats/zip';

import { format } from './errors.ts';

export interface OdsReadOptions extends SheetReadOptions {
  /**
   * Cells with a value that a sheet may have without their being written out one by one, as repetitions of a cell
   * or a row before them. Default 10,000,000.
   */
  readonly maxRepeatedCells?: number;
}

/** Cells have 32,767 characters unless `maxCellLength` says more, which Excel cuts. */
export type OdsWriteOptions = SheetWriteOptions;

export const maxCellLength = 32_767;

export interface ReadPlan extends SheetPlan {
  readonly maxRepeatedCells: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: OdsReadOptions): ReadPlan {
  return {
    ...planSheet(format, options),
    maxRepeatedCells: count(format, 'maxRepeatedCells', options.maxRepeatedCells, 10_000_000, 0),
  };
}

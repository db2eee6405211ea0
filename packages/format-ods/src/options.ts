import { count, planSheet, type SheetPlan, type SheetReadOptions } from '@x/formats/rows';

import { format } from './errors.ts';

export interface OdsReadOptions extends SheetReadOptions {
  /**
   * Cells with a value that a sheet may have without their being written out one by one, as repetitions of a cell
   * or a row before them. Default 10,000,000.
   */
  readonly maxRepeatedCells?: number;
}

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

import type { DataType } from '../contract.ts';

/** The cell that a value is in, for errors. */
export interface CellPlace {
  readonly format: string;
  readonly row: number;
  readonly field: string;
  readonly type?: DataType;
}

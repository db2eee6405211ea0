import type { ColumnData } from '@x/formats';
import { bitsOf } from '@x/formats/columns';

import type { Field } from '../schema/arrow-type.ts';
import type { Place } from './place.ts';

/** The values of a field in a record batch, as they lie in its buffers. */
export interface ArrowArray {
  readonly field: Field;
  readonly length: number;
  /** Bit `i` is 0 where value `i` is null. Undefined where none is. */
  readonly validity: Uint8Array | undefined;
  /** The other buffers, in the order of the format. */
  readonly buffers: readonly Uint8Array[];
  readonly children: readonly ArrowArray[];
  /** Where values are numbers of a dictionary. */
  readonly dictionary: Dictionary | undefined;
}

/** The values of a dictionary. */
export interface Dictionary {
  readonly count: number;
  readonly data: ColumnData;
}

/** Makes a column of values `from` to `to` of an array. */
export type Decode = (array: ArrowArray, from: number, to: number, place: Place) => ColumnData;

/** The validity of values `from` to `to`, the first of them bit 0. */
export function validityOf({ validity }: ArrowArray, from: number, to: number): Uint8Array | undefined {
  return validity && bitsOf(validity, from, to);
}

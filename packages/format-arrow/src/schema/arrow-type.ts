/** Of dates and times; `s` is there in Arrow, and becomes `ms`. */
export type ArrowUnit = 's' | 'ms' | 'us' | 'ns';

/** In the order of the enumeration in Schema.fbs. */
export const arrowUnits: readonly ArrowUnit[] = ['s', 'ms', 'us', 'ns'];

export interface IntType {
  readonly kind: 'int';
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
}

/** How values lie in memory (https://arrow.apache.org/docs/format/Columnar.html), and what they mean. */
export type ArrowType =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool' }
  | IntType
  | { readonly kind: 'float'; readonly bits: 16 | 32 | 64 }
  /** `width` is that of an offset; `view` has views in place of offsets. */
  | { readonly kind: 'bytes'; readonly isText: boolean; readonly width: 32 | 64 | 'view' }
  | { readonly kind: 'fixed bytes'; readonly size: number }
  | {
      readonly kind: 'decimal';
      readonly bits: 32 | 64 | 128 | 256;
      readonly precision: number;
      readonly scale: number;
    }
  /** Days in 32 bits, or milliseconds in 64. */
  | { readonly kind: 'date'; readonly unit: 'day' | 'ms' }
  | { readonly kind: 'time'; readonly unit: ArrowUnit }
  | { readonly kind: 'timestamp'; readonly unit: ArrowUnit; readonly zone: string | undefined }
  | { readonly kind: 'duration'; readonly unit: ArrowUnit }
  | { readonly kind: 'interval'; readonly unit: 'months' | 'days' | 'all' }
  | { readonly kind: 'list'; readonly width: 32 | 64; readonly isView: boolean }
  | { readonly kind: 'fixed list'; readonly size: number }
  | { readonly kind: 'struct' }
  | { readonly kind: 'map' }
  | { readonly kind: 'union'; readonly isDense: boolean; readonly typeIds: readonly number[] }
  | { readonly kind: 'runs' };

/** A column, or a part of one. */
export interface Field {
  readonly name: string;
  readonly type: ArrowType;
  readonly children: readonly Field[];
  /** Where values are numbers of a dictionary, which dictionary, and of what kind the numbers are. */
  readonly dictionary: { readonly id: string; readonly index: IntType } | undefined;
  /** What an extension says that the values mean: `arrow.json`, `arrow.uuid`. */
  readonly extension: string | undefined;
}

import type { PhysicalType } from '../metadata/enums.ts';

/** Values as they physically are, one behind the other. A BYTE_ARRAY, also one of fixed length, is bytes. */
export type BaseValues =
  | { readonly kind: 'boolean'; readonly values: Uint8Array }
  | { readonly kind: 'int32'; readonly values: Int32Array }
  | { readonly kind: 'int64'; readonly values: BigInt64Array }
  | { readonly kind: 'float32'; readonly values: Float32Array }
  | { readonly kind: 'float64'; readonly values: Float64Array }
  | { readonly kind: 'bytes'; readonly offsets: Uint32Array; readonly bytes: Uint8Array };

/** Bytes of a value where all have the same: 1 for a boolean, which is unpacked; 0 where they are bytes. */
export function widthOf(physical: PhysicalType): 0 | 1 | 4 | 8 {
  if (physical === 'BOOLEAN') return 1;
  if (physical === 'INT32' || physical === 'FLOAT') return 4;
  return physical === 'INT64' || physical === 'DOUBLE' ? 8 : 0;
}

/** Values of a fixed width, from bytes of their own. */
export function fixedValues(physical: PhysicalType, bytes: Uint8Array): BaseValues {
  const { buffer, byteOffset, length } = bytes;
  switch (physical) {
    case 'INT32':
      return { kind: 'int32', values: new Int32Array(buffer, byteOffset, length >> 2) };
    case 'FLOAT':
      return { kind: 'float32', values: new Float32Array(buffer, byteOffset, length >> 2) };
    case 'INT64':
      return { kind: 'int64', values: new BigInt64Array(buffer, byteOffset, length >> 3) };
    case 'DOUBLE':
      return { kind: 'float64', values: new Float64Array(buffer, byteOffset, length >> 3) };
    default:
      return { kind: 'boolean', values: bytes };
  }
}

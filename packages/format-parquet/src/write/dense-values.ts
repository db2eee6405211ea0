import type { ColumnData } from '@x/formats';
import { bytesOf, unscaledValue } from '@x/formats/columns';

import type { Kernel, Region } from '../kernel/kernel.ts';
import type { WriteLeaf } from './write-schema.ts';

/** The values of a column that are not null, in the kernel's memory. */
export interface DenseValues {
  readonly count: number;
  /** Values of 8 bytes, of a byte where they are booleans, of 16 where they are decimals; or offsets of texts. */
  readonly values: Region;
  readonly bytes: Region | undefined;
  /** The texts are at `base` + offset. */
  readonly base: number;
}

/** Puts so many values of a column into the kernel's memory, those that are null left out. */
export function denseValues(kernel: Kernel, leaf: WriteLeaf, data: ColumnData, rows: number): DenseValues {
  if (data.kind === 'values') return wideDecimals(kernel, leaf, data.values);
  const validity = data.validity && staged(kernel, data.validity);
  try {
    if (data.kind === 'bytes' || data.kind === 'dictionary') {
      const { offsets, bytes: all } = data.kind === 'bytes' ? data : bytesOf(data);
      const start = offsets[0]!;
      const bytes = staged(kernel, all.subarray(start, offsets[rows]));
      const given = staged(kernel, asBytes(offsets));
      const base = (bytes.at - start) >>> 0;
      if (validity === undefined) return { count: rows, values: given, bytes, base };
      const values = kernel.allocate((rows + 1) * 4);
      const count = kernel.call.gatherValidOffsets(given.at, validity.at, rows, values.at);
      kernel.free(given);
      return { count, values, bytes, base };
    }
    let given = staged(kernel, asBytes(data.values));
    if (data.kind === 'int32') {
      const wide = kernel.allocate(rows * 8);
      kernel.call.double(given.at, rows, wide.at);
      kernel.free(given);
      given = wide;
    }
    if (validity === undefined) return { count: rows, values: given, bytes: undefined, base: 0 };
    const width = data.kind === 'boolean' ? 1 : 8;
    const values = kernel.allocate(rows * width);
    const count = kernel.call.gatherValid(given.at, width, validity.at, rows, values.at);
    kernel.free(given);
    return { count, values, bytes: undefined, base: 0 };
  } finally {
    kernel.free(validity);
  }
}

/** Decimals of more than 18 digits: 16 bytes each, the most significant first. */
function wideDecimals(
  kernel: Kernel,
  { type }: WriteLeaf,
  values: Extract<ColumnData, { kind: 'values' }>['values'],
) {
  const scale = type.kind === 'decimal' ? (type.scale ?? 0) : 0;
  const present = values.filter((value) => value !== null && value !== undefined);
  const region = kernel.allocate(present.length * 16);
  for (const [i, value] of present.entries()) {
    const unscaled = unscaledValue(value, scale) ?? 0n;
    kernel.bytes.writeBigInt64BE(unscaled >> 64n, region.at + i * 16);
    kernel.bytes.writeBigUInt64BE(BigInt.asUintN(64, unscaled), region.at + i * 16 + 8);
  }
  return { count: present.length, values: region, bytes: undefined, base: 0 };
}

function staged(kernel: Kernel, bytes: Uint8Array): Region {
  const region = kernel.allocate(bytes.length);
  kernel.bytes.set(bytes, region.at);
  return region;
}

function asBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

import type { ColumnData, Value } from '@x/formats';

import { GrowingBits } from './growing-buffer.ts';

/** An array of a record batch that is being filled. */
export interface ArrayEncoder {
  /** Takes values `from` to `to` of a column. */
  append(data: ColumnData, from: number, to: number): void;
  /** Bytes so far, about. */
  readonly size: number;
  /** Adds the number of values and of nulls of each array, and its buffers, in the order of the format. */
  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void;
  /** Begins anew. */
  clear(): void;
}

/** What all arrays have. */
export abstract class Validated {
  protected readonly validity = new GrowingBits();

  protected node(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    const { count, zeros, bytes } = this.validity;
    nodes.push([count, zeros]);
    buffers.push(zeros === 0 ? new Uint8Array(0) : bytes);
  }

  protected addValidity(data: ColumnData, from: number, to: number): void {
    if (data.kind !== 'values') return this.validity.add(data.validity, from, to);
    this.validity.addBytes(Uint8Array.from(data.values.slice(from, to), (value) => Number(!isNull(value))));
  }
}

export function isNull(value: Value): value is null | undefined {
  return value === null || value === undefined;
}

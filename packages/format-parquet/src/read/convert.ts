import { type ColumnData, FormatError, type Value } from '@x/formats';
import { columnBuilder, dateOfUnits, decimalText, numberValue } from '@x/formats/columns';

import { corrupt } from '../errors.ts';
import { leafType } from '../schema/data-type.ts';
import type { Leaf } from '../schema/tree.ts';
import type { BaseValues } from './base-values.ts';

/** What the values of a leaf mean, as columns. What is null may be anything, and still is afterwards. */
export function convertValues(base: BaseValues, leaf: Leaf): ColumnData {
  const { logical } = leaf;
  const type = leafType(leaf);
  switch (base.kind) {
    case 'boolean':
    case 'float64':
      return base;
    case 'float32':
      return { kind: 'float64', values: Float64Array.from(base.values) };
    case 'int32': {
      if (logical?.kind === 'time') return { kind: 'int64', values: widened(base.values) };
      const isUnsigned = logical?.kind === 'integer' && !logical.signed;
      if (isUnsigned && base.values.some((value) => value < 0)) {
        const values = new Uint32Array(base.values.buffer, base.values.byteOffset, base.values.length);
        return { kind: 'int64', values: widened(values) };
      }
      return base;
    }
    case 'int64': {
      const isUnsigned = logical?.kind === 'integer' && !logical.signed && logical.bits === 64;
      if (!isUnsigned || !base.values.some((value) => value < 0n)) return base;
      const unsigned = Array.from(base.values, (value) => numberValue(String(BigInt.asUintN(64, value))));
      return { kind: 'values', values: unsigned };
    }
    case 'bytes':
      if (leaf.physical === 'INT96') return momentsOf(base, leaf);
      if (type.kind === 'decimal') return decimalsOf(base, leaf);
      if (logical?.kind === 'float16') return { kind: 'float64', values: halvesOf(base) };
      if (logical?.kind === 'uuid') return textsOf(base, uuidText);
      return logical?.kind === 'interval' ? textsOf(base, intervalText) : base;
  }
}

function widened(values: Int32Array | Uint32Array): BigInt64Array<ArrayBuffer> {
  const words = new Int32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    words[i * 2] = values[i]!;
    words[i * 2 + 1] = values[i]! < 0 ? -1 : 0;
  }
  return new BigInt64Array(words.buffer);
}

type BytesValues = BaseValues & { kind: 'bytes' };

function viewOf({ bytes }: BytesValues): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Nanoseconds of the day and the Julian day: as nanoseconds since 1970, or as Dates where 64 bits do not hold one. */
function momentsOf(base: BytesValues, { path }: Leaf): ColumnData {
  const count = base.offsets.length - 1;
  const values = new BigInt64Array(count);
  const view = viewOf(base);
  let isWide = false;
  const momentAt = (at: number): bigint => {
    const day = BigInt(view.getInt32(at + 8, true) - 2_440_588);
    return day * 86_400_000_000_000n + view.getBigInt64(at, true);
  };
  for (let i = 0; i < count; i++) {
    const at = base.offsets[i]!;
    if (base.offsets[i + 1]! <= at) continue;
    const moment = momentAt(at);
    values[i] = moment;
    isWide ||= values[i] !== moment;
  }
  if (!isWide) return { kind: 'int64', values };
  const dates = Array.from(values, (_, i) => {
    const at = base.offsets[i]!;
    return base.offsets[i + 1]! <= at ? null : dateOf(momentAt(at), path);
  });
  return { kind: 'values', values: dates };
}

function dateOf(nanoseconds: bigint, field: string): Date {
  const date = dateOfUnits(nanoseconds, 'ns');
  if (date !== undefined) return date;
  throw new FormatError('UNREPRESENTABLE', `${nanoseconds} ns since 1970 is beyond what a Date can hold`, {
    format: 'parquet',
    field,
    hint: 'leave the column out with columns',
  });
}

function decimalsOf(base: BytesValues, leaf: Leaf): ColumnData {
  const { bytes, offsets } = base;
  const count = offsets.length - 1;
  const isSmall = leaf.logical?.kind === 'decimal' && leaf.logical.precision <= 18;
  const values = new BigInt64Array(isSmall ? count : 0);
  const large: bigint[] = [];
  for (let i = 0; i < count; i++) {
    let value = 0n;
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    if (end > start) {
      const hex = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex');
      value = BigInt.asIntN((end - start) * 8, BigInt(`0x${hex}`));
    }
    if (isSmall) values[i] = value;
    else large.push(value);
  }
  if (isSmall) return { kind: 'int64', values };
  const scale = leaf.logical?.kind === 'decimal' ? leaf.logical.scale : 0;
  return { kind: 'values', values: large.map((unscaled) => numberValue(decimalText(unscaled, scale))) };
}

/** IEEE 754 numbers of 16 bits. */
function halvesOf(base: BytesValues): Float64Array<ArrayBuffer> {
  const count = base.offsets.length - 1;
  const values = new Float64Array(count);
  const view = viewOf(base);
  for (let i = 0; i < count; i++) {
    const at = base.offsets[i]!;
    if (base.offsets[i + 1]! - at < 2) continue;
    const bits = view.getUint16(at, true);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    let size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    if (exponent === 31) size = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    values[i] = bits & 0x8000 ? -size : size;
  }
  return values;
}

function textsOf(base: BytesValues, textOf: (bytes: Buffer) => string): ColumnData {
  const { bytes, offsets } = base;
  const count = offsets.length - 1;
  const builder = columnBuilder({ kind: 'string' }, count);
  for (let i = 0; i < count; i++) {
    const start = offsets[i]!;
    const length = offsets[i + 1]! - start;
    const value: Value =
      length === 0 ? '' : textOf(Buffer.from(bytes.buffer, bytes.byteOffset + start, length));
    builder.add(value);
  }
  return builder.build();
}

function uuidText(bytes: Buffer): string {
  if (bytes.length !== 16) throw corrupt(`a UUID of ${bytes.length} bytes`);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Months, days and milliseconds as a duration of ISO 8601. */
function intervalText(bytes: Buffer): string {
  if (bytes.length !== 12) throw corrupt(`an interval of ${bytes.length} bytes`);
  const [months, days, milliseconds] = [0, 4, 8].map((at) => bytes.readUInt32LE(at));
  return `P${months}M${days}DT${milliseconds! / 1000}S`;
}

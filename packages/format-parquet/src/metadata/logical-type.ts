import type { TimeUnit } from '@x/formats';

import type { ThriftStruct } from '../thrift/compact-reader.ts';
import { boolean, i8, i32, struct, type ThriftField } from '../thrift/compact-writer.ts';
import { convertedTypes } from './enums.ts';

/** What the values of a column mean. Undefined where they are just what they physically are. */
export type LogicalType =
  | { readonly kind: 'string' | 'enum' | 'json' | 'bson' | 'uuid' | 'float16' | 'interval' | 'unknown' }
  | { readonly kind: 'map' | 'list' | 'date' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly zoned: boolean }
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean };

const units = ['ms', 'us', 'ns'] as const;
const simple = new Map<number, LogicalType>([
  [1, { kind: 'string' }],
  [2, { kind: 'map' }],
  [3, { kind: 'list' }],
  [4, { kind: 'enum' }],
  [6, { kind: 'date' }],
  [11, { kind: 'unknown' }],
  [12, { kind: 'json' }],
  [13, { kind: 'bson' }],
  [14, { kind: 'uuid' }],
  [15, { kind: 'float16' }],
]);

/** The logical type of a schema element, from the newer field or the older one. */
export function readLogicalType(element: ThriftStruct): LogicalType | undefined {
  const union = element.get(10);
  const [id, content] = union instanceof Map ? ([...union][0] ?? []) : [];
  const parameters = content instanceof Map ? (content as ThriftStruct) : new Map<number, never>();
  if (id === 5)
    return { kind: 'decimal', precision: numberAt(parameters, 2), scale: numberAt(parameters, 1) };
  if (id === 7) return { kind: 'time', unit: unitOf(parameters) };
  if (id === 8) return { kind: 'timestamp', unit: unitOf(parameters), zoned: parameters.get(1) === true };
  if (id === 10) {
    return { kind: 'integer', bits: numberAt(parameters, 1), signed: parameters.get(2) === true };
  }
  return (typeof id === 'number' ? simple.get(id) : undefined) ?? readConvertedType(element);
}

function readConvertedType(element: ThriftStruct): LogicalType | undefined {
  const code = element.get(6);
  const name = typeof code === 'number' ? convertedTypes[code] : undefined;
  switch (name) {
    case undefined:
      return undefined;
    case 'UTF8':
      return { kind: 'string' };
    case 'MAP':
    case 'MAP_KEY_VALUE':
      return { kind: 'map' };
    case 'DECIMAL':
      return { kind: 'decimal', precision: numberAt(element, 8), scale: numberAt(element, 7) };
    case 'TIME_MILLIS':
      return { kind: 'time', unit: 'ms' };
    case 'TIME_MICROS':
      return { kind: 'time', unit: 'us' };
    // They have always meant moments.
    case 'TIMESTAMP_MILLIS':
      return { kind: 'timestamp', unit: 'ms', zoned: true };
    case 'TIMESTAMP_MICROS':
      return { kind: 'timestamp', unit: 'us', zoned: true };
    case 'LIST':
    case 'ENUM':
    case 'DATE':
    case 'JSON':
    case 'BSON':
    case 'INTERVAL':
      return { kind: name.toLowerCase() as 'list' | 'enum' | 'date' | 'json' | 'bson' | 'interval' };
    default: {
      const [, sign, bits] = /^(U?)INT_(\d+)$/.exec(name) ?? [];
      return { kind: 'integer', bits: Number(bits), signed: sign === '' };
    }
  }
}

function unitOf(parameters: ThriftStruct): TimeUnit {
  const union = parameters.get(2);
  const [id = 1] = union instanceof Map ? (union as ThriftStruct).keys() : [];
  return units[id - 1] ?? 'ms';
}

function numberAt(fields: ThriftStruct, id: number): number {
  return Number(fields.get(id) ?? 0);
}

interface WrittenType {
  readonly logical: ThriftField | undefined;
  readonly converted: number | undefined;
}

function only(id: number, content: ThriftField, name?: (typeof convertedTypes)[number]): WrittenType {
  return {
    logical: struct([id, content]),
    converted: name === undefined ? undefined : convertedTypes.indexOf(name),
  };
}

/** The logical type as the newer field has it, and as the older one where that can say it. */
export function writeLogicalType(type: LogicalType): WrittenType {
  switch (type.kind) {
    case 'decimal':
      return only(5, struct([1, i32(type.scale)], [2, i32(type.precision)]), 'DECIMAL');
    case 'time':
      // Without a zone the older field would be wrong.
      return only(7, struct([1, boolean(false)], [2, unitStruct(type.unit)]));
    case 'timestamp': {
      const older = { ms: 'TIMESTAMP_MILLIS', us: 'TIMESTAMP_MICROS', ns: undefined } as const;
      const content = struct([1, boolean(type.zoned)], [2, unitStruct(type.unit)]);
      return only(8, content, type.zoned ? older[type.unit] : undefined);
    }
    case 'integer': {
      const older = `${type.signed ? '' : 'U'}INT_${type.bits}` as (typeof convertedTypes)[number];
      return only(10, struct([1, i8(type.bits)], [2, boolean(type.signed)]), older);
    }
    default: {
      const [id] = [...simple].find(([, { kind }]) => kind === type.kind) ?? [];
      const older = {
        string: 'UTF8',
        map: 'MAP',
        list: 'LIST',
        enum: 'ENUM',
        date: 'DATE',
        json: 'JSON',
      } as const;
      const name = type.kind in older ? older[type.kind as keyof typeof older] : undefined;
      return id === undefined ? { logical: undefined, converted: undefined } : only(id, struct(), name);
    }
  }
}

function unitStruct(unit: TimeUnit): ThriftField {
  return struct([units.indexOf(unit) + 1, struct()]);
}

import type { Column, DataType } from '@x/formats';

import type { AvroType, Logical } from './avro-type.ts';

/** The columns of a file: the fields of its records, or the one value that it has in place of records. */
export function columnsOf(type: AvroType): readonly Column[] {
  if (type.kind !== 'record') return [{ name: 'value', type: columnType(type, new Set()) }];
  return type.fields.map(({ name, type: own }) => ({ name, type: columnType(own, new Set([type])) }));
}

function columnType(type: AvroType, around: ReadonlySet<AvroType>): DataType {
  switch (type.kind) {
    case 'null':
      return { kind: 'any' };
    case 'union': {
      const [only, ...others] = type.branches.filter(({ kind }) => kind !== 'null');
      return only !== undefined && others.length === 0 ? columnType(only, around) : { kind: 'any' };
    }
    case 'array':
      return { kind: 'list', item: columnType(type.items, around) };
    case 'map':
      return { kind: 'map', value: columnType(type.values, around) };
    case 'record': {
      // A type that contains itself has no end.
      if (around.has(type)) return { kind: 'any' };
      const inner = new Set(around).add(type);
      return {
        kind: 'struct',
        fields: type.fields.map((field) => ({ name: field.name, type: columnType(field.type, inner) })),
      };
    }
    case 'enum':
      return { kind: 'string' };
    default:
      return type.logical === undefined ? plainType(type.kind) : logicalType(type.logical);
  }
}

function plainType(
  kind: Exclude<AvroType['kind'], 'null' | 'union' | 'array' | 'map' | 'record' | 'enum'>,
): DataType {
  switch (kind) {
    case 'int':
    case 'long':
      return { kind: 'integer' };
    case 'float':
    case 'double':
      return { kind: 'float64' };
    case 'bytes':
    case 'fixed':
      return { kind: 'binary' };
    default:
      return { kind };
  }
}

function logicalType(logical: Logical): DataType {
  switch (logical.name) {
    case 'decimal':
      return { kind: 'decimal', precision: logical.precision, scale: logical.scale };
    case 'uuid':
      return { kind: 'string' };
    case 'duration': {
      const fields = ['months', 'days', 'milliseconds'].map((name) => ({
        name,
        type: { kind: 'integer' } as const,
      }));
      return { kind: 'struct', fields };
    }
    case 'time':
      return { kind: 'time', unit: logical.unit };
    case 'timestamp':
    case 'local-timestamp':
      return { kind: 'timestamp', unit: logical.unit, zoned: logical.name === 'timestamp' };
    default:
      return { kind: logical.name };
  }
}

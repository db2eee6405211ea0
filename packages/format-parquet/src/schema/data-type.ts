import type { Column, DataType } from '@x/formats';

import type { Leaf, Node } from './tree.ts';

/** What a column of the file is to those who read it. */
export function dataTypeOf(node: Node): DataType {
  switch (node.kind) {
    case 'leaf':
      return leafType(node);
    case 'struct':
      return { kind: 'struct', fields: node.fields.map(columnOf) };
    case 'list':
      return { kind: 'list', item: dataTypeOf(node.item) };
    case 'map':
      if (isTextMap(node)) return { kind: 'map', value: dataTypeOf(node.value) };
      return { kind: 'list', item: { kind: 'struct', fields: entryColumns(node) } };
  }
}

export function columnOf(node: Node): Column {
  return { name: node.name, type: dataTypeOf(node) };
}

/** Whether a map is an object: its keys are texts. Other maps are lists of keys and values. */
export function isTextMap(node: Node & { kind: 'map' }): boolean {
  return node.key.kind === 'leaf' && leafType(node.key).kind === 'string';
}

function entryColumns({ key, value }: Node & { kind: 'map' }): Column[] {
  return [
    { name: 'key', type: dataTypeOf(key) },
    { name: 'value', type: dataTypeOf(value) },
  ];
}

/** What the values of a leaf are. */
export function leafType({ physical, logical }: Leaf): DataType {
  switch (logical?.kind) {
    case 'string':
    case 'enum':
    case 'uuid':
    case 'interval':
      return { kind: 'string' };
    case 'json':
      return { kind: 'json' };
    case 'bson':
      return { kind: 'binary' };
    case 'float16':
      return { kind: 'float64' };
    case 'decimal':
      return { kind: 'decimal', precision: logical.precision, scale: logical.scale };
    case 'date':
      return { kind: 'date' };
    case 'time':
      return { kind: 'time', unit: logical.unit };
    case 'timestamp':
      return { kind: 'timestamp', unit: logical.unit, zoned: logical.zoned };
    case 'unknown':
      return { kind: 'any' };
    case 'integer':
      // Half of them are more than 64 bits with a sign hold.
      if (logical.bits === 64 && !logical.signed) return { kind: 'decimal', precision: 20, scale: 0 };
      return { kind: 'integer' };
    default:
      return physicalType(physical);
  }
}

function physicalType(physical: Leaf['physical']): DataType {
  switch (physical) {
    case 'BOOLEAN':
      return { kind: 'boolean' };
    case 'INT32':
    case 'INT64':
      return { kind: 'integer' };
    case 'INT96':
      // What those who still write it mean by it: a moment without a zone.
      return { kind: 'timestamp', unit: 'ns', zoned: false };
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'float64' };
    default:
      return { kind: 'binary' };
  }
}

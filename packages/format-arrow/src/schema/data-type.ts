import type { Column, DataType, TimeUnit } from '@x/formats';

import type { ArrowUnit, Field } from './arrow-type.ts';

/** What a column of the file is to those who read it. */
export function dataTypeOf(field: Field): DataType {
  const { type, children, extension } = field;
  switch (type.kind) {
    case 'null':
    case 'union':
      return { kind: 'any' };
    case 'bool':
      return { kind: 'boolean' };
    case 'int':
      if (extension === 'arrow.bool8' && type.bits === 8) return { kind: 'boolean' };
      // Half of them are more than 64 bits with a sign hold.
      return isLarge(field) ? { kind: 'decimal', precision: 20, scale: 0 } : { kind: 'integer' };
    case 'float':
      return { kind: 'float64' };
    case 'bytes':
      if (!type.isText) return { kind: 'binary' };
      return extension === 'arrow.json' ? { kind: 'json' } : { kind: 'string' };
    case 'fixed bytes':
      return isUuid(field) ? { kind: 'string' } : { kind: 'binary' };
    case 'decimal': {
      const { precision, scale } = type;
      return scale < 0
        ? { kind: 'decimal', precision: precision - scale, scale: 0 }
        : { kind: 'decimal', precision: Math.max(precision, scale), scale };
    }
    case 'date':
      // Those of milliseconds should be whole days, and often are not.
      return type.unit === 'day' ? { kind: 'date' } : { kind: 'timestamp', unit: 'ms', zoned: false };
    case 'time':
      return { kind: 'time', unit: unitOf(type.unit) };
    case 'timestamp':
      return { kind: 'timestamp', unit: unitOf(type.unit), zoned: type.zone !== undefined };
    case 'duration':
    case 'interval':
      return { kind: 'string' };
    case 'list':
    case 'fixed list':
      return { kind: 'list', item: dataTypeOf(children[0]!) };
    case 'struct':
      return { kind: 'struct', fields: children.map(columnOf) };
    case 'map': {
      const [key, value] = children[0]!.children;
      if (isTextMap(field)) return { kind: 'map', value: dataTypeOf(value!) };
      const entry = [
        { name: 'key', type: dataTypeOf(key!) },
        { name: 'value', type: dataTypeOf(value!) },
      ];
      return { kind: 'list', item: { kind: 'struct', fields: entry } };
    }
    case 'runs':
      return dataTypeOf(children[1]!);
  }
}

export function columnOf(field: Field): Column {
  return { name: field.name, type: dataTypeOf(field) };
}

/** Whether a map is an object: its keys are texts. Other maps are lists of keys and values. */
export function isTextMap({ children }: Field): boolean {
  return dataTypeOf(children[0]!.children[0]!).kind === 'string';
}

/** Whether the values are integers of 64 bits without a sign. */
export function isLarge({ type }: Field): boolean {
  return type.kind === 'int' && type.bits === 64 && !type.signed;
}

export function isUuid({ type, extension }: Field): boolean {
  return extension === 'arrow.uuid' && type.kind === 'fixed bytes' && type.size === 16;
}

function unitOf(unit: ArrowUnit): TimeUnit {
  return unit === 's' ? 'ms' : unit;
}

/** Whether values of JavaScript have to be made of it. */
export function isNested({ type, children }: Field): boolean {
  if (type.kind === 'runs') return isNested(children[1]!);
  return ['list', 'fixed list', 'struct', 'map', 'union'].includes(type.kind);
}

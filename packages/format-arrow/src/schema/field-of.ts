import { type Column, type DataType, FormatError } from '@x/formats';

import { format } from '../errors.ts';
import type { ArrowType, Field } from './arrow-type.ts';

/** Digits that a decimal may have: those that 128 and 256 bits hold. */
const usualDigits = 38;
const mostDigits = 76;

/** How a column is stored. Each is nullable, since a later row may have no value. */
export function fieldOf({ name, type }: Column): Field {
  const field = (of: ArrowType, children: readonly Field[] = [], extension?: string): Field => ({
    name,
    type: of,
    children,
    dictionary: undefined,
    extension,
  });
  switch (type.kind) {
    case 'boolean':
      return field({ kind: 'bool' });
    case 'integer':
      return field({ kind: 'int', bits: 64, signed: true });
    case 'float64':
      return field({ kind: 'float', bits: 64 });
    case 'decimal':
      return field(decimalOf(name, type));
    case 'date':
      return field({ kind: 'date', unit: 'day' });
    case 'time':
      return field({ kind: 'time', unit: type.unit });
    case 'timestamp':
      return field({ kind: 'timestamp', unit: type.unit, zone: type.zoned ? 'UTC' : undefined });
    case 'binary':
      return field({ kind: 'bytes', isText: false, width: 32 });
    case 'json':
      return field({ kind: 'bytes', isText: true, width: 32 }, [], 'arrow.json');
    case 'list':
      return field({ kind: 'list', width: 32, isView: false }, [fieldOf({ name: 'item', type: type.item })]);
    case 'struct':
      return field({ kind: 'struct' }, type.fields.map(fieldOf));
    case 'map': {
      const parts = [
        { name: 'key', type: { kind: 'string' } },
        { name: 'value', type: type.value },
      ] as const;
      const entries = { ...field({ kind: 'struct' }, parts.map(fieldOf)), name: 'entries' };
      return field({ kind: 'map' }, [entries]);
    }
    default:
      return field({ kind: 'bytes', isText: true, width: 32 });
  }
}

function decimalOf(
  name: string,
  { precision = usualDigits, scale = 0 }: DataType & { kind: 'decimal' },
): ArrowType {
  if (precision > mostDigits) {
    throw new FormatError('UNREPRESENTABLE', `a decimal of ${precision} digits is more than Arrow holds`, {
      format,
      field: name,
      hint: 'write the column as text with types',
    });
  }
  return { kind: 'decimal', bits: precision <= usualDigits ? 128 : 256, precision, scale };
}

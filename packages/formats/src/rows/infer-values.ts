import type { DataType, Value } from '../contract.ts';
import { Decimal, numberValue } from '../value/decimal.ts';

type Own = Exclude<DataType['kind'], 'any' | 'list' | 'struct' | 'map' | 'time'> | 'unknown';

/**
 * The type of a column by its values: what all of them are, or `mixed` where they differ. With
 * `readsText`, text that is spelled as a number or a boolean, and would be spelled the same again, is one.
 */
export function inferValues(values: Iterable<Value>, mixed: DataType, readsText: boolean): DataType {
  let type: Own = 'unknown';
  let hasLarge = false;
  let isFine = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const own = ownType(value, readsText);
    if (own === undefined) return mixed;
    hasLarge ||=
      typeof value === 'bigint' || (own === 'integer' && typeof value === 'string' && value.length > 15);
    isFine ||= 'nanoseconds' in Object(value);
    if (type === 'unknown' || type === own) type = own;
    else if (isNumber(type) && isNumber(own)) type = 'float64';
    else return type === 'json' || own === 'json' ? { kind: 'any' } : mixed;
  }
  if (type === 'unknown' || (type === 'float64' && hasLarge)) return mixed;
  if (type === 'timestamp') return { kind: type, unit: isFine ? 'ns' : 'ms', zoned: true };
  return { kind: type };
}

function isNumber(type: Own): boolean {
  return type === 'integer' || type === 'float64';
}

function ownType(value: Exclude<Value, null | undefined>, readsText: boolean): Own | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'string':
      return readsText ? spelledType(value) : 'string';
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 'integer' : undefined;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'float64';
    default:
      if (Decimal.is(value)) return value.toNumber() === undefined ? undefined : 'float64';
      if (value instanceof Date) return 'timestamp';
      return value instanceof Uint8Array ? 'binary' : 'json';
  }
}

function spelledType(text: string): Own | undefined {
  if (text === 'true' || text === 'false') return 'boolean';
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return 'string';
  const own = ownType(numberValue(text), false);
  return own === undefined ? 'string' : own;
}

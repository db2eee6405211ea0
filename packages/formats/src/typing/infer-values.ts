import type { DataType, Value } from '../contract.ts';
import { Decimal, numberValue } from '../value/decimal.ts';
import { Day, parseDate, parseMilliseconds } from '../value/time.ts';

// Each of these once, so that they can be compared.
const any: DataType = { kind: 'any' };
const string: DataType = { kind: 'string' };
const boolean: DataType = { kind: 'boolean' };
const integer: DataType = { kind: 'integer' };
const float64: DataType = { kind: 'float64' };
const date: DataType = { kind: 'date' };
const moment = { kind: 'timestamp', unit: 'ms', zoned: true } as const;
const binary: DataType = { kind: 'binary' };
const json: DataType = { kind: 'json' };

/**
 * The type of a column by its values: what all of them are, or `any` where they differ. With `readsText` all of them
 * are texts and it is what these spell, if they would be spelled the same again, at least by the formats that keep the
 * spelling of numbers, or text: leading zeros, `+5`, digits that a double cannot hold and `1e400` are text.
 */
export function inferValues(values: Iterable<Value>, readsText: boolean): DataType {
  const mixed = readsText ? string : any;
  let type: DataType | undefined;
  let hasLarge = false;
  let isFine = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const own = typeof value === 'string' && readsText ? spelledType(value) : typeOf(value);
    if (own === undefined || own === mixed) return mixed;
    // A double would lose the digits of it.
    hasLarge ||= own === integer && !Number.isSafeInteger(Number(value));
    isFine ||= 'nanoseconds' in Object(value);
    if (type === undefined || type === own) type = own;
    else if (isNumber(type) && isNumber(own)) type = float64;
    else return mixed;
  }
  if (type === undefined || (type === float64 && hasLarge)) return mixed;
  return isFine && type === moment ? { ...moment, unit: 'ns' } : type;
}

function isNumber(type: DataType): boolean {
  return type === integer || type === float64;
}

/** Undefined for a number that is neither an integer of 64 bits nor a double. */
function typeOf(value: Exclude<Value, null | undefined>): DataType | undefined {
  switch (typeof value) {
    case 'boolean':
      return boolean;
    case 'string':
      return string;
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? integer : undefined;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? integer : float64;
    default:
      if (Decimal.is(value)) return value.toNumber() === undefined ? undefined : float64;
      if (value instanceof Date) return Day.is(value) ? date : moment;
      return value instanceof Uint8Array ? binary : json;
  }
}

function spelledType(text: string): DataType {
  if (text === 'true' || text === 'false') return boolean;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return typeOf(numberValue(text)) ?? string;
  if (parseDate(text) !== undefined) return date;
  return parseMilliseconds(text) === undefined ? string : moment;
}

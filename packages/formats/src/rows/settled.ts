import type { Column, DataType, Value } from '../contract.ts';
import { Decimal, numberText } from '../value/decimal.ts';
import { inferValues } from '../typing/infer-values.ts';

/** What a decimal has where nobody said: as many digits as everybody can read. */
const usualPrecision = 38;

/**
 * The columns with types that say everything, for a file that names them before its rows: by the rows
 * at hand, `any` becomes what all of its values are, or JSON; decimals get their number of digits.
 */
export function settledColumns(
  columns: readonly Column[],
  rows: () => Iterable<readonly Value[]>,
): readonly Column[] {
  return columns.map(({ name, type }, i) => {
    function* values(): Generator<Value> {
      for (const row of rows()) yield row[i];
    }
    return { name, type: settled(type, values) };
  });
}

function settled(type: DataType, values: () => Iterable<Value>): DataType {
  switch (type.kind) {
    case 'any': {
      const found = inferValues(values(), false);
      if (found.kind !== 'any') return found;
      return decimalOf(values()) ?? { kind: isNothing(values()) ? 'string' : 'json' };
    }
    case 'decimal':
      return type.precision === undefined ? (decimalOf(values()) ?? usualDecimal(0)) : type;
    case 'list': {
      const { item } = type;
      return { kind: 'list', item: settled(item, () => items(values())) };
    }
    case 'map': {
      const { value } = type;
      return { kind: 'map', value: settled(value, () => members(values())) };
    }
    case 'struct':
      return {
        kind: 'struct',
        fields: type.fields.map(({ name, type: own }) => ({
          name,
          type: settled(own, () => member(values(), name)),
        })),
      };
    default:
      return type;
  }
}

function usualDecimal(scale: number): DataType {
  return { kind: 'decimal', precision: usualPrecision, scale };
}

/** The decimal that holds all of these numbers, or undefined when something else is among them. */
function decimalOf(values: Iterable<Value>): DataType | undefined {
  let scale = 0;
  let whole = 0;
  let hasNumber = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    let text: string;
    if (Decimal.is(value)) ({ text } = value);
    else if (typeof value === 'bigint') text = String(value);
    else if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0))
      text = numberText(value);
    else return undefined;
    const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').toLowerCase().split('e');
    const [integer = '', fraction = ''] = mantissa.split('.');
    scale = Math.max(scale, fraction.length - Number(exponent));
    whole = Math.max(whole, integer.length + Number(exponent));
    hasNumber = true;
  }
  // More digits than that are a mistake, or an attack.
  if (!hasNumber || whole + scale > 1000) return undefined;
  return { kind: 'decimal', precision: Math.max(usualPrecision, whole + scale), scale };
}

function isNothing(values: Iterable<Value>): boolean {
  for (const value of values) if (value !== null && value !== undefined) return false;
  return true;
}

function* items(values: Iterable<Value>): Generator<Value> {
  for (const value of values) if (Array.isArray(value)) yield* value as Value[];
}

function* members(values: Iterable<Value>): Generator<Value> {
  for (const value of values) if (isObject(value)) yield* Object.values(value);
}

function* member(values: Iterable<Value>, name: string): Generator<Value> {
  for (const value of values) if (isObject(value) && Object.hasOwn(value, name)) yield value[name];
}

function isObject(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

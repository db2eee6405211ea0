import type { DataType, Value } from '../contract.ts';
import { parseJson } from '../json/parse.ts';
import { Decimal, numberText, numberValue } from '../value/decimal.ts';
import { textOf } from '../value/text.ts';
import { Day, parseDate, parseOfType } from '../value/time.ts';

/** Gives the value as one of the type, or undefined when there is none that is the same. */
export type Cast = (value: Exclude<Value, null | undefined>) => Value;

const place = { format: '', row: 0, field: '' };
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const msPerDay = 86_400_000;

/** How values of a column of type `from` become values of type `to`. Text is read, nothing is rounded. */
export function castTo(to: DataType, from: DataType): Cast {
  switch (to.kind) {
    case 'string':
      return (value) => textOf(value, { ...place, type: from });
    case 'boolean':
      return (value) => {
        if (typeof value === 'boolean') return value;
        return value === 'true' || value === 'false' ? value === 'true' : undefined;
      };
    case 'integer':
      return (value) => integerOf(numeric(value));
    case 'float64':
      return (value) => doubleOf(numeric(value));
    case 'decimal':
      return (value) => {
        const found = numeric(value);
        return typeof found === 'number' && !Number.isFinite(found) ? undefined : found;
      };
    case 'date':
      return (value) => {
        if (typeof value === 'string') return parseDate(value);
        return value instanceof Date && value.getTime() % msPerDay === 0 ? new Day(value) : undefined;
      };
    case 'timestamp':
      return (value) => {
        if (typeof value === 'string') return parseOfType(value, to);
        return value instanceof Date ? value : undefined;
      };
    case 'json':
      return (value) => (typeof value === 'string' ? parseJson(value) : value);
    default:
      return (value) => value;
  }
}

function numeric(value: Value): number | bigint | Decimal | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || Decimal.is(value)) return value;
  return typeof value === 'string' && number.test(value) ? numberValue(value) : undefined;
}

function integerOf(value: number | bigint | Decimal | undefined): number | bigint | undefined {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : undefined;
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined;
}

function doubleOf(value: number | bigint | Decimal | undefined): number | undefined {
  if (typeof value === 'bigint')
    return numberText(Number(value)) === String(value) ? Number(value) : undefined;
  return Decimal.is(value) ? value.toNumber() : value;
}

import { type DataType, Decimal, FormatError, type Value } from '@x/formats';
import {
  type ByteWriter,
  type CellPlace,
  checkText,
  jsonOf,
  numberText,
  unitsOfDate,
  unitsOfTime,
  unscaledOf,
} from '@x/formats/rows';

import { bytesOfInteger, putBytes, putLong, putText } from './put.ts';

type Present = Exclude<Value, null | undefined>;

/** Writes a value. Throws UNREPRESENTABLE for one that the type cannot hold. */
export type Encode = (out: ByteWriter, value: Present, place: CellPlace) => void;

const msPerDay = 86_400_000;

/** Any of a column: a branch of a union, of which the first is null. */
export function nullable(type: DataType): (out: ByteWriter, value: Value, place: CellPlace) => void {
  const encode = encoderOf(type);
  return (out, value, place) => {
    if (value === null || value === undefined) return out.byte(0);
    out.byte(2);
    encode(out, value, place);
  };
}

function encoderOf(type: DataType): Encode {
  switch (type.kind) {
    case 'string':
      return (out, value, place) => {
        if (typeof value !== 'string') throw refused(value, type, place);
        checkText(value, () => place);
        putText(out, value);
      };
    case 'boolean':
      return (out, value, place) => {
        if (typeof value !== 'boolean') throw refused(value, type, place);
        out.byte(value ? 1 : 0);
      };
    case 'integer':
      return (out, value, place) => {
        // −0 would come back as 0.
        const isWhole = typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0);
        if (!isWhole && !(typeof value === 'bigint' && BigInt.asIntN(64, value) === value)) {
          throw refused(value, type, place);
        }
        putLong(out, value);
      };
    case 'float64':
      return (out, value, place) => {
        const number = doubleOf(value);
        if (number === undefined) throw refused(value, type, place);
        out.double(number);
      };
    case 'decimal':
      return decimals(type);
    case 'date':
      return (out, value, place) => {
        const units = value instanceof Date ? unitsOfDate(value, 'ns') : undefined;
        const days = value instanceof Date && units !== undefined ? value.getTime() / msPerDay : Number.NaN;
        if (!Number.isInteger(days) || units! % 1_000_000n !== 0n) throw refused(value, type, place);
        putLong(out, days);
      };
    case 'timestamp':
      return (out, value, place) => {
        const units = value instanceof Date ? unitsOfDate(value, type.unit) : undefined;
        if (units === undefined || BigInt.asIntN(64, units) !== units) throw refused(value, type, place);
        putLong(out, units);
      };
    case 'time':
      return (out, value, place) => {
        const units =
          typeof value === 'string' ? unitsOfTime(value, type.unit === 'ms' ? 'ms' : 'us') : undefined;
        if (units === undefined) throw refused(value, type, place);
        putLong(out, units);
      };
    case 'binary':
      return (out, value, place) => {
        if (!(value instanceof Uint8Array)) throw refused(value, type, place);
        putBytes(out, value);
      };
    case 'json':
    case 'any':
      return (out, value, place) => {
        const text = jsonOf(value, place);
        checkText(text, () => place);
        putText(out, text);
      };
    case 'list':
      return lists(type);
    case 'map':
      return maps(type);
    case 'struct':
      return structs(type);
  }
}

function decimals(type: DataType & { kind: 'decimal' }): Encode {
  const { precision = 38, scale = 0 } = type;
  const limit = 10n ** BigInt(precision);
  return (out, value, place) => {
    let unscaled: bigint | undefined;
    if (typeof value === 'bigint') unscaled = value * 10n ** BigInt(scale);
    else if (Decimal.is(value)) unscaled = unscaledOf(value.text, scale);
    else if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) {
      unscaled = unscaledOf(numberText(value), scale);
    }
    if (unscaled === undefined || unscaled >= limit || unscaled <= -limit) throw refused(value, type, place);
    putBytes(out, bytesOfInteger(unscaled));
  };
}

function lists(type: DataType & { kind: 'list' }): Encode {
  const item = nullable(type.item);
  return (out, value, place) => {
    if (!isList(value)) throw refused(value, type, place);
    if (value.length > 0) putLong(out, value.length);
    for (const one of value) item(out, one, place);
    out.byte(0);
  };
}

function maps(type: DataType & { kind: 'map' }): Encode {
  const member = nullable(type.value);
  return (out, value, place) => {
    if (!isObject(value)) throw refused(value, type, place);
    const members = Object.entries(value);
    if (members.length > 0) putLong(out, members.length);
    for (const [key, one] of members) {
      checkText(key, () => place);
      putText(out, key);
      member(out, one, place);
    }
    out.byte(0);
  };
}

function structs(type: DataType & { kind: 'struct' }): Encode {
  const fields = type.fields.map(({ name, type: own }) => ({ name, encode: nullable(own) }));
  const names = new Set(fields.map(({ name }) => name));
  return (out, value, place) => {
    if (!isObject(value)) throw refused(value, type, place);
    const extra = Object.keys(value).find((key) => !names.has(key) && value[key] !== undefined);
    if (extra !== undefined) {
      throw new FormatError(
        'UNREPRESENTABLE',
        `an object has ${JSON.stringify(extra)}, which the first ones lack`,
        {
          ...place,
          hint: `read the column as json with types, or look at more rows with scanLimit`,
        },
      );
    }
    for (const { name, encode } of fields)
      encode(out, Object.hasOwn(value, name) ? value[name] : null, place);
  };
}

/** The double that is the number, digit for digit. */
function doubleOf(value: Present): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined;
  return Decimal.is(value) ? value.toNumber() : undefined;
}

function isList(value: Present): value is readonly Value[] {
  return Array.isArray(value);
}

function isObject(value: Present): value is { readonly [key: string]: Value } {
  const isOther = value instanceof Date || value instanceof Uint8Array || Decimal.is(value) || isList(value);
  return typeof value === 'object' && !isOther;
}

function refused(value: Present, type: DataType, place: CellPlace): FormatError {
  const what =
    type.kind === 'decimal'
      ? `decimal of ${type.precision} digits, ${type.scale} after the point`
      : type.kind;
  const unit = 'unit' in type ? ` in ${type.unit}` : '';
  return new FormatError('UNREPRESENTABLE', `${shown(value)} is no ${what}${unit}`, {
    ...place,
    hint: 'give the column a type that holds all its values with types, or look at more rows with scanLimit',
  });
}

function shown(value: Present): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (isList(value)) return 'a list';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return isObject(value) ? 'an object' : String(value);
}

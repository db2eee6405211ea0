import type { Column, DataType, Value } from '../contract.ts';
import { Decimal } from '../value/decimal.ts';
import { Day } from '../value/time.ts';

/** Digits that a decimal gets where nobody said: those that 128 bits hold. */
const mostDigits = 38;
const unknown: DataType = { kind: 'any' };
/** What holds everything, each value as it is spelled: values that have no other type in common. */
const json: DataType = { kind: 'json' };
const units = ['ms', 'us', 'ns'] as const;

/** Whether a type leaves open how its values are to be stored. */
export function isOpen(type: DataType, nested: 'columns' | 'json'): boolean {
  switch (type.kind) {
    case 'any':
      return true;
    case 'json':
      return nested === 'columns';
    case 'decimal':
      return type.precision === undefined || type.scale === undefined;
    case 'list':
      return isOpen(type.item, nested);
    case 'map':
      return isOpen(type.value, nested);
    case 'struct':
      return type.fields.some((field) => isOpen(field.type, nested));
    default:
      return false;
  }
}

/** The columns with the types that their values have; JSON text where these have none in common. */
export function inferColumns(
  columns: readonly Column[],
  rows: Iterable<readonly Value[]>,
  nested: 'columns' | 'json',
): Column[] {
  const open = columns.flatMap(({ type }, i) => (isOpen(type, nested) ? [i] : []));
  const types = columns.map(() => unknown);
  for (const values of rows) {
    for (const i of open)
      types[i] = merged(types[i]!, typeOf(values[i], nested, columns[i]!.type.kind === 'decimal'));
  }
  return columns.map(({ name, type }, i) =>
    open.includes(i) ? { name, type: settled(types[i]!, type) } : { name, type },
  );
}

/** The type of a column whose values have `found`, and that was said to be `told`. */
function settled(found: DataType, told: DataType): DataType {
  if (told.kind === 'json' && found.kind !== 'list' && found.kind !== 'struct') return told;
  if (told.kind !== 'decimal') return closed(found);
  if (found.kind !== 'integer' && found.kind !== 'decimal' && found.kind !== 'any') return json;
  const scale = found.kind === 'decimal' ? (found.scale ?? 0) : 0;
  const wide: DataType = {
    kind: 'decimal',
    precision: told.precision ?? mostDigits,
    scale: told.scale ?? scale,
  };
  return found.kind === 'decimal' && (found.precision ?? 0) > mostDigits ? json : wide;
}

/** Where there was nothing but null, text is as good as anything. */
function closed(type: DataType): DataType {
  switch (type.kind) {
    case 'any':
      return { kind: 'string' };
    case 'list':
      return { kind: 'list', item: closed(type.item) };
    case 'struct':
      if (type.fields.length === 0) return { kind: 'json' };
      return {
        kind: 'struct',
        fields: type.fields.map(({ name, type: inner }) => ({ name, type: closed(inner) })),
      };
    case 'decimal':
      // Rows to come may have more digits in front of the point.
      return (type.precision ?? 0) > mostDigits ? json : { ...type, precision: mostDigits };
    default:
      return type;
  }
}

/** `asDecimal`: a number with a fraction is a decimal, not a double. */
function typeOf(value: Value, nested: 'columns' | 'json', asDecimal = false): DataType {
  if (value === null || value === undefined) return unknown;
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean' };
    case 'string':
      return { kind: 'string' };
    case 'number':
      if (asDecimal && Number.isFinite(value)) return decimalType(String(value));
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? { kind: 'integer' } : { kind: 'float64' };
    case 'bigint': {
      if (BigInt.asIntN(64, value) === value) return { kind: 'integer' };
      return { kind: 'decimal', precision: String(value).replace('-', '').length, scale: 0 };
    }
    default:
      if (asDecimal && Decimal.is(value)) return decimalType(value.text);
      return typeOfObject(value, nested);
  }
}

function typeOfObject(value: Extract<Value, object>, nested: 'columns' | 'json'): DataType {
  if (Decimal.is(value))
    return value.toNumber() === undefined ? decimalType(value.text) : { kind: 'float64' };
  if (value instanceof Uint8Array) return { kind: 'binary' };
  if (Day.is(value)) return { kind: 'date' };
  if (value instanceof Date) {
    const nanoseconds = 'nanoseconds' in value ? Number(value.nanoseconds) : 0;
    return { kind: 'timestamp', unit: nanoseconds % 1000 === 0 ? 'us' : 'ns', zoned: true };
  }
  if (nested === 'json') return { kind: 'json' };
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    const item = items.reduce<DataType>((type, one) => merged(type, typeOf(one, nested)), unknown);
    return { kind: 'list', item };
  }
  const fields = Object.entries(value as { readonly [key: string]: Value });
  return { kind: 'struct', fields: fields.map(([name, member]) => ({ name, type: typeOf(member, nested) })) };
}

function decimalType(text: string): DataType {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = Math.max(0, fraction.length - Number(exponent));
  const wholeDigits = Math.max(0, whole.replace(/^0+/, '').length + Number(exponent));
  return { kind: 'decimal', precision: Math.max(1, wholeDigits + scale), scale };
}

/** The type that holds the values of both. */
function merged(a: DataType, b: DataType): DataType {
  if (a.kind === 'any') return b;
  if (b.kind === 'any') return a;
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', item: merged(a.item, b.item) };
  if (a.kind === 'struct' && b.kind === 'struct') return mergedFields(a.fields, b.fields);
  if (a.kind === 'timestamp' && b.kind === 'timestamp') {
    return { ...a, unit: units[Math.max(units.indexOf(a.unit), units.indexOf(b.unit))]! };
  }
  if (a.kind === 'decimal' && b.kind === 'decimal') return mergedDecimals(a, b);
  if (a.kind === b.kind) return a;
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.has('integer') && kinds.has('float64')) return { kind: 'float64' };
  if (kinds.has('integer') && kinds.has('decimal')) {
    return mergedDecimals(a.kind === 'decimal' ? a : wholes, b.kind === 'decimal' ? b : wholes);
  }
  return json;
}

type DecimalType = DataType & { kind: 'decimal' };

const wholes: DecimalType = { kind: 'decimal', precision: 19, scale: 0 };

function mergedDecimals(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale ?? 0, b.scale ?? 0);
  const wholeDigits = Math.max((a.precision ?? 0) - (a.scale ?? 0), (b.precision ?? 0) - (b.scale ?? 0));
  return { kind: 'decimal', precision: wholeDigits + scale, scale };
}

function mergedFields(a: readonly Column[], b: readonly Column[]): DataType {
  const fields = new Map(a.map(({ name, type }) => [name, type]));
  for (const { name, type } of b) fields.set(name, merged(fields.get(name) ?? unknown, type));
  return { kind: 'struct', fields: Array.from(fields, ([name, type]) => ({ name, type })) };
}

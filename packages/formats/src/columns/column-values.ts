import type { BytesData, ColumnData, DataType, TimeUnit, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { parseJson } from '../json/parse.ts';
import { decimalText, numberValue } from '../value/decimal.ts';
import { dateOfUnits, dayOf, timeText } from '../value/time.ts';

/** Reads the values of a column by their number. */
export type ValueAt = (index: number) => Value;

/** @throws {FormatError} UNREPRESENTABLE, when called, for a moment that no Date can hold. */
export function valuesOf(data: ColumnData, type: DataType): ValueAt {
  if (data.kind === 'values') return (i) => data.values[i];
  const present = presentValues(data, type);
  const { validity } = data;
  if (validity === undefined) return present;
  return (i) => (((validity[i >> 3]! >> (i & 7)) & 1) === 0 ? null : present(i));
}

function presentValues(data: Exclude<ColumnData, { kind: 'values' }>, type: DataType): ValueAt {
  switch (data.kind) {
    case 'boolean':
      return (i) => data.values[i] === 1;
    case 'float64':
      return (i) => data.values[i]!;
    case 'int32':
      if (type.kind === 'date') return (i) => dayOf(data.values[i]!) ?? beyondDates(data.values[i]!, 'days');
      if (type.kind === 'decimal') return (i) => decimalOf(BigInt(data.values[i]!), type.scale);
      return (i) => data.values[i]!;
    case 'int64':
      return integers(data.values, type);
    case 'bytes':
      return slices(data, type);
    case 'dictionary': {
      const known: Value[] = [];
      const read = slices(data.dictionary, type);
      // Bytes can be changed by whoever has them, text cannot.
      if (type.kind !== 'string') return (i) => read(data.indices[i]!);
      return (i) => (known[data.indices[i]!] ??= read(data.indices[i]!));
    }
  }
}

function integers(values: BigInt64Array, type: DataType): ValueAt {
  if (type.kind === 'timestamp') return (i) => dateOf(values[i]!, type.unit);
  if (type.kind === 'time') return (i) => timeText(values[i]!, type.unit);
  if (type.kind === 'decimal') return (i) => decimalOf(values[i]!, type.scale);
  // Most are small, and making a bigint of each would take most of the time.
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return (i) => {
    const high = words[i * 2 + 1]!;
    if (high < -0x20_0000 || high >= 0x20_0000) return integerOf(values[i]!);
    return integerOfWords(words[i * 2]! >>> 0, high) ?? integerOf(values[i]!);
  };
}

function integerOfWords(low: number, high: number): number | undefined {
  const value = high * 0x1_0000_0000 + low;
  return Number.isSafeInteger(value) ? value : undefined;
}

function integerOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function decimalOf(unscaled: bigint, scale = 0): Value {
  return numberValue(decimalText(unscaled, scale));
}

function slices({ offsets, bytes }: BytesData, type: DataType): ValueAt {
  if (type.kind === 'binary') return (i) => bytes.slice(offsets[i], offsets[i + 1]);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type.kind !== 'json') return (i) => text.toString('utf8', offsets[i], offsets[i + 1]);
  return (i) => {
    const value = parseJson(text.toString('utf8', offsets[i], offsets[i + 1]));
    if (value !== undefined) return value;
    throw new FormatError('INVALID_JSON', 'a value of a JSON column is not JSON', {
      hint: `read the column as text with types`,
    });
  };
}

function dateOf(units: bigint, unit: TimeUnit): Date {
  return dateOfUnits(units, unit) ?? beyondDates(units, unit);
}

function beyondDates(units: number | bigint, unit: string): never {
  throw new FormatError('UNREPRESENTABLE', `${units} ${unit} since 1970 is beyond what a Date can hold`, {
    hint: 'leave the column out with columns',
  });
}

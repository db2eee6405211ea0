import type { ColumnData, DataType, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { Decimal, numberText, unscaledOf } from '../value/decimal.ts';
import { unitsOfDate, unitsOfTime } from '../value/time.ts';
import { jsonOf } from '../json/stringify.ts';

const place = { format: '', row: 0, field: '' };
const msPerDay = 86_400_000;

/** Gathers the values of a column. */
export interface ColumnBuilder {
  /** Takes the next value. False, and nothing is taken, when the column's type cannot hold it as it is. */
  add(value: Value): boolean;
  /** Takes the last value back. */
  undo(): void;
  /** The values so far. The builder must not be used afterwards. */
  build(): ColumnData;
}

/** A builder for so many values. */
export function columnBuilder(type: DataType, capacity: number): ColumnBuilder {
  switch (type.kind) {
    case 'boolean':
      return new Typed(capacity, new Uint8Array(capacity), 'boolean', (value, values, i) => {
        if (typeof value !== 'boolean') return false;
        values[i] = value ? 1 : 0;
        return true;
      });
    case 'float64':
      return new Typed(capacity, new Float64Array(capacity), 'float64', (value, values, i) => {
        const number = doubleOf(value);
        if (number === undefined) return false;
        values[i] = number;
        return true;
      });
    case 'date':
      return new Typed(capacity, new Int32Array(capacity), 'int32', (value, values, i) => {
        if (!(value instanceof Date) || Math.abs(value.getTime() / msPerDay) >= 0x8000_0000) return false;
        if (value.getTime() % msPerDay !== 0 || unitsOfDate(value, 'ms') === undefined) return false;
        values[i] = value.getTime() / msPerDay;
        return true;
      });
    case 'integer':
      return integers(capacity);
    case 'timestamp':
      return wholes(capacity, (value) => (value instanceof Date ? unitsOfDate(value, type.unit) : undefined));
    case 'time':
      return wholes(capacity, (value) =>
        typeof value === 'string' ? unitsOfTime(value, type.unit) : undefined,
      );
    case 'decimal': {
      const { precision, scale = 0 } = type;
      if (precision === undefined || precision > 18) return new Values((value) => isDecimal(value, type));
      const limit = 10n ** BigInt(precision);
      return wholes(capacity, (value) => {
        const unscaled = unscaledValue(value, scale);
        return unscaled !== undefined && unscaled < limit && unscaled > -limit ? unscaled : undefined;
      });
    }
    case 'string':
      return new Bytes(capacity, (value) => (typeof value === 'string' ? value : undefined));
    case 'json':
      return new Bytes(capacity, jsonText);
    case 'binary':
      return new Bytes(capacity, (value) => (value instanceof Uint8Array ? value : undefined));
    case 'list':
    case 'struct':
    case 'map':
      return new Values(nestedHolder(type));
    case 'any':
      return new Values(() => true);
  }
}

/** Whether lists and objects are of a type, as deep as they are. */
function nestedHolder(type: DataType): (value: Value) => boolean {
  const holderOf = (inner: DataType): ((value: Value) => boolean) => {
    const holds = nestedHolder(inner);
    return (value) => value === null || value === undefined || holds(value);
  };
  if (type.kind === 'list') {
    const holdsItem = holderOf(type.item);
    return (value) => Array.isArray(value) && value.every(holdsItem);
  }
  if (type.kind === 'map') {
    const holdsValue = holderOf(type.value);
    return (value) =>
      isObject(value) && Object.entries(value).every(([key, one]) => isWellFormed(key) && holdsValue(one));
  }
  if (type.kind === 'struct') {
    const fields = new Map(type.fields.map((field) => [field.name, holderOf(field.type)]));
    return (value) =>
      isObject(value) &&
      Object.entries(value).every(([key, one]) => one === undefined || fields.get(key)?.(one) === true);
  }
  const probe = columnBuilder(type, 1);
  return (value) => {
    if (!probe.add(value)) return false;
    probe.undo();
    return true;
  };
}

function isObject(value: Value): value is { readonly [key: string]: Value } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date) && !(value instanceof Uint8Array) && !Decimal.is(value);
}

/** The value times 10^scale, or undefined when it is no number or that is not whole. */
export function unscaledValue(value: Value, scale: number): bigint | undefined {
  if (typeof value === 'bigint') return value * 10n ** BigInt(scale);
  if (typeof value === 'number' && Number.isFinite(value)) return unscaledOf(numberText(value), scale);
  return Decimal.is(value) ? unscaledOf(value.text, scale) : undefined;
}

/** JSON has no text for NaN and the infinities. */
function jsonText(value: Value): string | undefined {
  try {
    return jsonOf(value, place);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function isDecimal(value: Value, { precision = 38, scale = 0 }: DataType & { kind: 'decimal' }): boolean {
  const unscaled = unscaledValue(value, scale);
  const limit = 10n ** BigInt(precision);
  return unscaled !== undefined && unscaled < limit && unscaled > -limit;
}

/** The double that is the number, digit for digit. */
function doubleOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined;
  return Decimal.is(value) ? value.toNumber() : undefined;
}

/** What all builders of typed arrays do: count, and keep track of nulls. */
class Validity {
  readonly #bits: Uint8Array;
  #hasNull = false;

  constructor(capacity: number) {
    this.#bits = new Uint8Array((capacity + 7) >> 3);
  }

  set(index: number): void {
    this.#bits[index >> 3]! |= 1 << (index & 7);
  }

  skip(): void {
    this.#hasNull = true;
  }

  clear(index: number): void {
    this.#bits[index >> 3]! &= ~(1 << (index & 7));
  }

  get bits(): Uint8Array | undefined {
    return this.#hasNull ? this.#bits : undefined;
  }
}

type ArrayOf<Kind extends ColumnData['kind']> = Extract<ColumnData, { kind: Kind; values: object }>['values'];

class Typed<Kind extends 'int32' | 'int64' | 'float64' | 'boolean'> implements ColumnBuilder {
  readonly #validity: Validity;
  readonly #values: ArrayOf<Kind>;
  readonly #kind: Kind;
  readonly #put: (value: Value, values: ArrayOf<Kind>, index: number) => boolean;
  #count = 0;

  constructor(
    capacity: number,
    values: ArrayOf<Kind>,
    kind: Kind,
    put: (value: Value, values: ArrayOf<Kind>, index: number) => boolean,
  ) {
    this.#validity = new Validity(capacity);
    this.#values = values;
    this.#kind = kind;
    this.#put = put;
  }

  add(value: Value): boolean {
    if (value === null || value === undefined) this.#validity.skip();
    else if (this.#put(value, this.#values, this.#count)) this.#validity.set(this.#count);
    else return false;
    this.#count++;
    return true;
  }

  undo(): void {
    this.#validity.clear(--this.#count);
  }

  build(): ColumnData {
    const values = this.#values.subarray(0, this.#count);
    return { kind: this.#kind, values, validity: this.#validity.bits } as ColumnData;
  }
}

function wholes(capacity: number, of: (value: Value) => bigint | undefined): ColumnBuilder {
  return new Typed(capacity, new BigInt64Array(capacity), 'int64', (value, values, i) => {
    const whole = of(value);
    if (whole === undefined || BigInt.asIntN(64, whole) !== whole) return false;
    values[i] = whole;
    return true;
  });
}

function integers(capacity: number): ColumnBuilder {
  const values = new BigInt64Array(capacity);
  const words = new Int32Array(values.buffer);
  return new Typed(capacity, values, 'int64', (value, _, i) => {
    if (typeof value === 'number') {
      // −0 would come back as 0.
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) return false;
      words[i * 2] = value;
      words[i * 2 + 1] = Math.floor(value / 0x1_0000_0000);
      return true;
    }
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) return false;
    values[i] = value;
    return true;
  });
}

class Bytes implements ColumnBuilder {
  readonly #validity: Validity;
  readonly #of: (value: Value) => string | Uint8Array | undefined;
  readonly #offsets: Uint32Array;
  #bytes = Buffer.allocUnsafe(4096);
  #count = 0;

  constructor(capacity: number, of: (value: Value) => string | Uint8Array | undefined) {
    this.#validity = new Validity(capacity);
    this.#offsets = new Uint32Array(capacity + 1);
    this.#of = of;
  }

  add(value: Value): boolean {
    const at = this.#offsets[this.#count]!;
    let length = 0;
    if (value === null || value === undefined) this.#validity.skip();
    else {
      const bytes = this.#of(value);
      if (bytes === undefined) return false;
      // Half of a surrogate pair is no text.
      if (typeof bytes === 'string' && !isWellFormed(bytes)) return false;
      length = this.#put(bytes, at);
      this.#validity.set(this.#count);
    }
    this.#offsets[++this.#count] = at + length;
    return true;
  }

  undo(): void {
    this.#validity.clear(--this.#count);
  }

  build(): ColumnData {
    const offsets = this.#offsets.subarray(0, this.#count + 1);
    const bytes = this.#bytes.subarray(0, offsets[this.#count]);
    return { kind: 'bytes', offsets, bytes, validity: this.#validity.bits };
  }

  #put(bytes: string | Uint8Array, at: number): number {
    const most = typeof bytes === 'string' ? bytes.length * 3 : bytes.length;
    if (at + most > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, at + most));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    if (typeof bytes === 'string') return this.#bytes.write(bytes, at);
    this.#bytes.set(bytes, at);
    return bytes.length;
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

class Values implements ColumnBuilder {
  readonly #values: Value[] = [];
  readonly #holds: (value: Value) => boolean;

  constructor(holds: (value: Value) => boolean) {
    this.#holds = holds;
  }

  add(value: Value): boolean {
    const isNull = value === null || value === undefined;
    if (!isNull && !this.#holds(value)) return false;
    this.#values.push(isNull ? null : value);
    return true;
  }

  undo(): void {
    this.#values.pop();
  }

  build(): ColumnData {
    return { kind: 'values', values: this.#values };
  }
}

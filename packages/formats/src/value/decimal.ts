const spelling = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const brand = Symbol.for('@x/formats.Decimal');

/**
 * A number that keeps its spelling, because a double would not give it back: `0.10`,
 * `3.14159265358979323846`, `1e400`.
 *
 * Arithmetic on it (`decimal * 2`) uses the nearest double, as `Number(decimal)` does.
 */
export class Decimal {
  /** The number as it was written, in the grammar of JSON (RFC 8259, section 6). */
  readonly text: string;

  /** @throws {RangeError} when `text` is not a number of JSON. */
  constructor(text: string) {
    if (!spelling.test(text)) throw new RangeError(`Not a decimal number: ${text}`);
    this.text = text;
  }

  /** Whether a value is a Decimal, of this copy of the package or of another. */
  static is(value: unknown): value is Decimal {
    return typeof value === 'object' && value !== null && brand in value;
  }

  get [brand](): true {
    return true;
  }

  /** The double that has the same digits when it is written out, or undefined when none has. */
  toNumber(): number | undefined {
    const number = Number(this.text);
    return Number.isFinite(number) && digitsOf(String(number)) === digitsOf(this.text) ? number : undefined;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }

  valueOf(): number {
    return Number(this.text);
  }
}

/** The significant digits and the exponent of a number, the same for all spellings of it. */
function digitsOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').toLowerCase().split(/e(.*)/s);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.slice(0, significantLength(digits));
  if (significant === '') return '0';
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** `unscaled` × 10^−scale, with `scale` digits after the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const isNegative = unscaled < 0n;
  const digits = String(isNegative ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${isNegative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The number of a JSON spelling times 10^scale, or undefined where that is not whole. */
export function unscaledOf(text: string, scale: number): bigint | undefined {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = scale + Number(exponent) - fraction.length;
  // What cannot be held anyway is not worth so many digits.
  if (shift > 1000) return undefined;
  const digits = whole + fraction;
  if (shift >= 0) return BigInt(digits + '0'.repeat(shift));
  const kept = digits.slice(0, shift);
  if (/[1-9]/.test(digits.slice(shift))) return undefined;
  return /\d/.test(kept) ? BigInt(kept) : 0n;
}

/** How many digits there are but for the zeros at the end. A regular expression would take quadratic time. */
export function significantLength(digits: string): number {
  let length = digits.length;
  while (digits[length - 1] === '0') length--;
  return length;
}

/** The shortest spelling that gives the number back, −0 included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Arithmetic on longer ones takes seconds. */
const mostBigintDigits = 10_000;

/**
 * The value of a JSON number: a number or a bigint (up to 10,000 digits) where that gives the spelling
 * back, else a Decimal.
 */
export function numberValue(text: string): number | bigint | Decimal {
  const number = Number(text);
  if (numberText(number) === text && (!Number.isInteger(number) || Number.isSafeInteger(number)))
    return number;
  if (text.length <= mostBigintDigits && /^-?[1-9]\d*$/.test(text)) return BigInt(text);
  return new Decimal(text);
}

/** As numberValue, but a number of JavaScript wherever that has the same digits: 0.1 for `0.10`. */
export function plainNumber(text: string): number | bigint | Decimal {
  // So few digits always fit, where no exponent is with them.
  if (text.length < 16 && !/e/i.test(text)) return Number(text);
  const value = numberValue(text);
  return typeof value === 'object' ? (value.toNumber() ?? value) : value;
}

import { Decimal, type Value } from '@x/formats';
import {
  dateOfUnits,
  dayOf,
  decimalText,
  isList,
  numberText,
  numberValue,
  parseDate,
  parseTimestamp,
  unscaledOf,
} from '@x/formats/rows';

/** The most bytes that a number of any size may have; arithmetic on longer ones takes seconds. */
const mostNumberBytes = 4096;
/** Digits behind, or zeros at the end, that are written out. */
const mostPlaces = 1000;

/** What a tag makes of a value (RFC 8949, 3.4; RFC 8943); undefined where it is none of these. */
export function tagged(tag: bigint, value: Value): { readonly value: Value } | 'unknown' | undefined {
  switch (tag) {
    case 0n:
      return given(typeof value === 'string' ? parseTimestamp(value.toUpperCase()) : undefined);
    case 1n:
      return given(momentOf(value));
    case 2n:
      return given(largeOf(value));
    case 3n: {
      const large = largeOf(value);
      return given(large === undefined ? undefined : smaller(-1n - BigInt(large)));
    }
    case 4n:
      return given(fractionOf(value, 10n));
    case 5n:
      return given(fractionOf(value, 2n));
    case 100n:
      return given(typeof value === 'number' ? dayOf(value) : undefined);
    case 1004n:
      return given(typeof value === 'string' ? parseDate(value) : undefined);
    case 37n:
      return given(value instanceof Uint8Array && value.length === 16 ? uuidText(value) : undefined);
    // A list of bytes (RFC 8746).
    case 64n:
    case 68n:
      return given(value instanceof Uint8Array ? value : undefined);
    // Sets are lists; addresses, patterns and texts that say what they are for are what they are.
    case 258n:
      return given(isList(value) ? value : undefined);
    case 32n:
    case 33n:
    case 34n:
    case 36n:
      return given(typeof value === 'string' ? value : undefined);
    case 55_799n:
      return { value };
    default:
      return 'unknown';
  }
}

function given(value: Value): { readonly value: Value } | undefined {
  return value === undefined ? undefined : { value };
}

/** Seconds since 1970, as its digits say. */
function momentOf(value: Value): Date | undefined {
  let text: string;
  if (typeof value === 'bigint') text = String(value);
  else if (typeof value === 'number' && Number.isFinite(value)) text = numberText(value);
  else return undefined;
  const units = unscaledOf(text, 9);
  return units === undefined ? undefined : dateOfUnits(units, 'ns');
}

function largeOf(value: Value): number | bigint | undefined {
  if (!(value instanceof Uint8Array) || value.length > mostNumberBytes) return undefined;
  return smaller(BigInt(`0x0${Buffer.from(value).toString('hex')}`));
}

/** Mantissa × base^exponent, with all its digits. */
function fractionOf(value: Value, base: 2n | 10n): Value {
  if (!isList(value) || value.length !== 2) return undefined;
  const [exponent, mantissa] = value;
  if (typeof exponent !== 'number' && typeof exponent !== 'bigint') return undefined;
  if (typeof mantissa !== 'number' && typeof mantissa !== 'bigint') return undefined;
  if (!isSafe(exponent) || !isSafe(mantissa)) return undefined;
  const unscaled = BigInt(mantissa);
  const power = Number(exponent);
  const isShort = Math.abs(power) <= mostPlaces;
  if (base === 10n) {
    if (power <= 0 && isShort) return numberValue(decimalText(unscaled, -power));
    return new Decimal(`${unscaled}e${power}`);
  }
  if (!isShort) return undefined;
  if (power >= 0) return smaller(unscaled << BigInt(power));
  // 2^−n is 5^n × 10^−n.
  const number = numberValue(decimalText(unscaled * 5n ** BigInt(-power), -power));
  return Decimal.is(number) ? (number.toNumber() ?? number) : number;
}

/** Whether a number is an integer, which one that came as a double need not be. */
function isSafe(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

function smaller(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function uuidText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

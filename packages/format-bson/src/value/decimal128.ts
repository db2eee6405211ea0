import type { Decimal } from '@x/formats';
import { decimalText, numberValue } from '@x/formats/rows';

// IEEE 754-2008, 3.5.2: decimal128 with a binary integer significand.
const bias = 6176;
const mostDigits = 34;
const largestPower = 6111;
const significandBits = 113n;
const significandMask = (1n << significandBits) - 1n;
/** Zeros in front or at the end that are written out. */
const mostZeros = 40;

/** The number of 128 bits, with its digits. */
export function numberOfBits(bits: bigint): number | bigint | Decimal {
  const isNegative = bits >> 127n === 1n;
  const kind = (bits >> 122n) & 0x1fn;
  if (kind === 0x1fn) return Number.NaN;
  if (kind === 0x1en) return isNegative ? -Infinity : Infinity;
  // Two bits that are set move the exponent, and say a significand that no decimal128 may have, which counts as 0.
  const isLarge = (bits >> 125n) & 3n;
  const power = Number((bits >> (isLarge === 3n ? 111n : significandBits)) & 0x3fffn) - bias;
  const held = isLarge === 3n ? 0n : bits & significandMask;
  const significand = held < 10n ** BigInt(mostDigits) ? held : 0n;
  const isShort = Math.abs(power) <= mostZeros;
  const text = isShort ? decimalText(significand, -power) : `${significand}e${power}`;
  return numberValue(isNegative ? `-${text}` : text);
}

/** The 128 bits of a number of JSON, or undefined when it has more digits or zeros than fit. */
export function bitsOfNumber(text: string): bigint | undefined {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  let digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  let power = Number(exponent) - fraction.length;
  if (digits === '0') power = Math.min(Math.max(power, -bias), largestPower);
  while (digits.endsWith('0') && digits !== '0' && (digits.length > mostDigits || power < -bias)) {
    digits = digits.slice(0, -1);
    power++;
  }
  if (power > largestPower && power - largestPower <= mostDigits - digits.length) {
    digits += '0'.repeat(power - largestPower);
    power = largestPower;
  }
  if (digits.length > mostDigits || power < -bias || power > largestPower) return undefined;
  const sign = text.startsWith('-') ? 1n << 127n : 0n;
  return sign | (BigInt(power + bias) << significandBits) | BigInt(digits);
}

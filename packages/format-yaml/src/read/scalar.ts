import type { Value } from '@x/formats';
import { Decimal } from '@x/formats';
import { numberValue } from '@x/formats/rows';

/**
 * What a scalar without quotes is by the core schema of YAML 1.2 (10.3.2). What one version of YAML takes for
 * another number than the other (`010` is 8 or 10) stays text.
 */
export function plainValue(text: string): Value {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return numberOf(text) ?? text;
}

/** The number that a text spells in YAML, with all its digits. */
export function numberOf(text: string): Value {
  const match = /^([-+]?)(?:(0|[1-9]\d*)?(\.\d*)?([eE][-+]?\d+)?)$/.exec(text);
  if (match !== null) {
    const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
    if (whole === '' && fraction.length < 2) return undefined;
    const digits = fraction === '.' ? '' : fraction;
    const value = numberValue(`${sign === '-' ? '-' : ''}${whole === '' ? '0' : whole}${digits}${exponent}`);
    // With an exponent, nobody means the zeros.
    return Decimal.is(value) && exponent !== '' ? (value.toNumber() ?? value) : value;
  }
  if (/^0o[0-7]+$|^0x[0-9a-fA-F]+$/.test(text)) return smaller(BigInt(text));
  const named = /^([-+]?)\.(?:inf|Inf|INF)$/.exec(text);
  if (named !== null) return named[1] === '-' ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : undefined;
}

function smaller(value: bigint): number | bigint {
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

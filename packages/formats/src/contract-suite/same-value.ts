import type { Value } from '../contract.ts';
import { Decimal } from '../value/decimal.ts';
import { Timestamp } from '../value/time.ts';

/**
 * A value as a text that two values share exactly if they are the same: numbers by their digits,
 * whatever JavaScript holds them in; moments by their nanoseconds; objects by their members in any
 * order. A cell that is not there is as null, for not every format can tell.
 */
export function told(value: Value): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return numberTold(String(value));
  if (typeof value === 'number') return numberTold(Object.is(value, -0) ? '-0' : String(value));
  if (Decimal.is(value)) return numberTold(value.text);
  if (value instanceof Date) return dateTold(value);
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (isList(value)) return `[${value.map(told).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${told(member)}`);
  return `{${members.toSorted().join(', ')}}`;
}

export function rowsTold(rows: readonly (readonly Value[])[]): string[][] {
  return rows.map((row) => row.map(told));
}

function dateTold(date: Date): string {
  if (Number.isNaN(date.getTime())) return 'no date';
  const beyond = date instanceof Timestamp ? date.nanoseconds : 0;
  return `${new Date(date.getTime()).toISOString()} + ${beyond} ns`;
}

/** Sign, digits and exponent: the same for `0.10`, `0.1` and `1e-1`. */
function numberTold(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return `${sign}0`;
  const scale = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${sign}${significant}${scale === 0 ? '' : `e${scale}`}`;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

import type { ColumnData } from '@x/formats';
import { columnBuilder } from '@x/formats/columns';

import type { ArrowUnit } from '../schema/arrow-type.ts';
import { type ArrowArray, validityOf } from './array.ts';
import type { Place } from './place.ts';
import { isValid, numbersAt, widened } from './values-at.ts';

const perSecond: Readonly<Record<ArrowUnit, bigint>> = {
  s: 1n,
  ms: 1000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

/** Days, or the moments that milliseconds are. */
export function decodeDates(array: ArrowArray, unit: 'day' | 'ms', from: number, to: number): ColumnData {
  const [bytes] = array.buffers;
  const validity = validityOf(array, from, to);
  if (unit === 'day')
    return { kind: 'int32', values: numbersAt(Int32Array, bytes!, from, to - from), validity };
  return { kind: 'int64', values: numbersAt(BigInt64Array, bytes!, from, to - from), validity };
}

export function decodeTimes(
  array: ArrowArray,
  unit: ArrowUnit,
  from: number,
  to: number,
  place: Place,
): ColumnData {
  const [bytes] = array.buffers;
  const count = to - from;
  const validity = validityOf(array, from, to);
  const given =
    unit === 's' || unit === 'ms'
      ? widened(numbersAt(Int32Array, bytes!, from, count))
      : numbersAt(BigInt64Array, bytes!, from, count);
  const values = unit === 's' ? given.map((value) => value * 1000n) : given;
  const end = 86_400n * perSecond[unit === 's' ? 'ms' : unit];
  for (let i = 0; i < count; i++) {
    if (!isValid(validity, i) || (values[i]! >= 0n && values[i]! < end)) continue;
    throw place.error('UNREPRESENTABLE', `${given[i]} ${unit} after midnight is no time of a day`, from + i, {
      hint: 'leave the column out with columns',
    });
  }
  return { kind: 'int64', values, validity };
}

export function decodeTimestamps(
  array: ArrowArray,
  unit: ArrowUnit,
  from: number,
  to: number,
  place: Place,
): ColumnData {
  const [bytes] = array.buffers;
  const validity = validityOf(array, from, to);
  const given = numbersAt(BigInt64Array, bytes!, from, to - from);
  if (unit !== 's') return { kind: 'int64', values: given, validity };
  const values = new BigInt64Array(given.length);
  for (let i = 0; i < given.length; i++) {
    if (!isValid(validity, i)) continue;
    const ms = given[i]! * 1000n;
    if (BigInt.asIntN(64, ms) !== ms) {
      throw place.error(
        'UNREPRESENTABLE',
        `${given[i]} s since 1970 is beyond what a Date can hold`,
        from + i,
        {
          hint: 'leave the column out with columns',
        },
      );
    }
    values[i] = ms;
  }
  return { kind: 'int64', values, validity };
}

/** Spans of time as ISO 8601 has them: `PT1.5S`. */
export function decodeDurations(array: ArrowArray, unit: ArrowUnit, from: number, to: number): ColumnData {
  const values = numbersAt(BigInt64Array, array.buffers[0]!, from, to - from);
  return texts(array, from, to, (i) => `PT${secondsText(values[i]!, unit)}S`);
}

/** Months, days and a time, each with its own sign: `P1M-2DT3.5S`. */
export function decodeIntervals(
  array: ArrowArray,
  unit: 'months' | 'days' | 'all',
  from: number,
  to: number,
): ColumnData {
  const [bytes] = array.buffers;
  const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.byteLength);
  return texts(array, from, to, (i) => {
    const number = from + i;
    if (unit === 'months') return `P${view.getInt32(number * 4, true)}M`;
    if (unit === 'days') {
      const ms = BigInt(view.getInt32(number * 8 + 4, true));
      return `P${view.getInt32(number * 8, true)}DT${secondsText(ms, 'ms')}S`;
    }
    const [months, days] = [view.getInt32(number * 16, true), view.getInt32(number * 16 + 4, true)];
    return `P${months}M${days}DT${secondsText(view.getBigInt64(number * 16 + 8, true), 'ns')}S`;
  });
}

function texts(array: ArrowArray, from: number, to: number, textAt: (index: number) => string): ColumnData {
  const builder = columnBuilder({ kind: 'string' }, to - from);
  for (let i = 0; i < to - from; i++) builder.add(isValid(array.validity, from + i) ? textAt(i) : null);
  return builder.build();
}

function secondsText(units: bigint, unit: ArrowUnit): string {
  const all = perSecond[unit];
  const size = units < 0n ? -units : units;
  const fraction = size % all === 0n ? '' : String(size % all).padStart(String(all).length - 1, '0');
  return `${units < 0n ? '-' : ''}${size / all}${fraction === '' ? '' : `.${fraction.replace(/0+$/, '')}`}`;
}

import type { DataType, TimeUnit } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import type { CellPlace } from './cell-place.ts';

/** A moment with more digits than a Date has: a Date, and the nanoseconds after its millisecond. */
export class Timestamp extends Date {
  /** 0 … 999,999. */
  readonly nanoseconds: number;

  constructor(milliseconds: number, nanoseconds: number) {
    super(milliseconds);
    this.nanoseconds = nanoseconds;
  }

  /** As of Date, with six or nine digits of the second where it has them. */
  override toISOString(): string {
    const text = super.toISOString();
    if (this.nanoseconds === 0) return text;
    const digits = String(this.nanoseconds).padStart(6, '0');
    return `${text.slice(0, -1)}${digits.endsWith('000') ? digits.slice(0, 3) : digits}Z`;
  }
}

const brand = Symbol.for('@x/formats.Day');
const msPerDay = 86_400_000;

/** A calendar day: a Date at midnight UTC that is not to be taken for a moment. As JSON it is `2024-02-29`. */
export class Day extends Date {
  /** Whether a value is a Day, of this copy of the package or of another. */
  static is(value: unknown): value is Day {
    return typeof value === 'object' && value !== null && brand in value;
  }

  get [brand](): true {
    return true;
  }

  override toJSON(): string {
    return dayText(super.toISOString());
  }
}

/** The day of a moment at midnight as text. */
function dayText(moment: string): string {
  return moment.slice(0, moment.indexOf('T'));
}

/** Whether a date is a day and no moment, in a column of that type. */
export function isDay(date: Date, type: DataType | undefined): boolean {
  return type?.kind === 'date' || (type?.kind !== 'timestamp' && Day.is(date));
}

/** Whether a date is no moment in time: a day, or a time on the wall without a zone. */
export function isWallTime(date: Date, type: DataType | undefined): boolean {
  return isDay(date, type) || (type?.kind === 'timestamp' && !type.zoned);
}

/** A day (ISO 8601, `2024-02-29`), or undefined when there is no such day. */
export function parseDate(text: string): Day | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const date = new Day(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? date : undefined;
}

const timestamp = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** A moment (ISO 8601, T or a space in the middle, up to nine digits of the second), or undefined. */
export function parseTimestamp(text: string): Date | undefined {
  const match = timestamp.exec(text);
  if (match === null) return undefined;
  const [, day = '', minute = '', second = '00', fraction = '', zone = 'Z'] = match;
  if (parseDate(day) === undefined) return undefined;
  const digits = fraction.padEnd(9, '0');
  const offset = zone === 'Z' || zone.length === 6 ? zone : `${zone.slice(0, 3)}:${zone.slice(3) || '00'}`;
  const milliseconds = Date.parse(`${day}T${minute}:${second}.${digits.slice(0, 3)}${offset}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const nanoseconds = Number(digits.slice(3));
  return nanoseconds === 0 ? new Date(milliseconds) : new Timestamp(milliseconds, nanoseconds);
}

/**
 * The value of a text in a column of timestamps. Those of milliseconds are what inference finds: theirs is only what
 * would be spelled the same again. Those that were asked for take every spelling.
 */
export function parseOfType(text: string, { unit }: DataType & { kind: 'timestamp' }): Date | undefined {
  return unit === 'ms' ? parseMilliseconds(text) : parseTimestamp(text);
}

/** A moment in the one spelling that dateText has for whole milliseconds, `2024-02-29T12:34:56.000Z`; else undefined. */
export function parseMilliseconds(text: string): Date | undefined {
  if (text.length !== 24) return undefined;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text ? date : undefined;
}

/**
 * A Date as text: a day where it is one, or the column holds days and it is midnight, without a zone where the column
 * has none.
 *
 * @throws {FormatError} UNREPRESENTABLE for the Date that is none.
 */
export function dateText(date: Date, place: CellPlace): string {
  if (Number.isNaN(date.getTime())) {
    throw new FormatError('UNREPRESENTABLE', 'an invalid Date is no moment', {
      ...place,
      hint: 'turn it into null before it is written',
    });
  }
  const text = date.toISOString();
  const { type } = place;
  if (isDay(date, type) && text.endsWith('T00:00:00.000Z')) return dayText(text);
  return type?.kind === 'timestamp' && !type.zoned ? text.slice(0, -1) : text;
}

const unitsPerSecond = { ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n } as const;

/** The day so many days after 1970, or undefined when no Date can hold it. */
export function dayOf(days: number): Day | undefined {
  const day = new Day(days * msPerDay);
  return Number.isNaN(day.getTime()) ? undefined : day;
}

/** The moment so many units after 1970, or undefined when no Date can hold it. */
export function dateOfUnits(units: bigint, unit: TimeUnit): Date | undefined {
  const perMillisecond = unitsPerSecond[unit] / 1000n;
  let rest = units % perMillisecond;
  if (rest < 0n) rest += perMillisecond;
  const milliseconds = Number((units - rest) / perMillisecond);
  if (Math.abs(milliseconds) > 8.64e15) return undefined;
  const nanoseconds = Number(rest * (1_000_000n / perMillisecond));
  return nanoseconds === 0 ? new Date(milliseconds) : new Timestamp(milliseconds, nanoseconds);
}

/** The units between 1970 and a moment, or undefined where that is not whole, or there is no moment. */
export function unitsOfDate(date: Date, unit: TimeUnit): bigint | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  const nanoseconds = 'nanoseconds' in date ? Number(date.nanoseconds) : 0;
  const perUnit = 1_000_000_000n / unitsPerSecond[unit];
  const total = BigInt(date.getTime()) * 1_000_000n + BigInt(nanoseconds);
  return total % perUnit === 0n ? total / perUnit : undefined;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A time of day as text, with three, six or nine digits of the second, or none. */
export function timeText(units: bigint, unit: TimeUnit): string {
  const perSecond = unitsPerSecond[unit];
  const seconds = Number(units / perSecond);
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = String(units % perSecond).padStart(String(perSecond).length - 1, '0');
  const short = fraction.replace(/(?:000)+$/, '');
  return short === '' ? text : `${text}.${short}`;
}

/** The units between midnight and a time of day, or undefined when the text is none or has more digits. */
export function unitsOfTime(text: string, unit: TimeUnit): bigint | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const total = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000_000n;
  const nanoseconds = total + BigInt(fraction.padEnd(9, '0'));
  const perUnit = 1_000_000_000n / unitsPerSecond[unit];
  return nanoseconds % perUnit === 0n ? nanoseconds / perUnit : undefined;
}

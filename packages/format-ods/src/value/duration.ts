import { timeText } from '@x/formats/rows';

const duration = /^P(?:(\d{1,9})D)?T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d+))?S)?$/;
const perDay = 86_400_000_000_000n;

/** The time of day that is so long after midnight (ISO 8601, `PT10H30M05.25S`), or undefined where there is none. */
export function timeOfDuration(text: string): string | undefined {
  const match = duration.exec(text);
  if (match === null) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  // Finer than a nanosecond is what a time does not have.
  if (/[1-9]/.test(fraction.slice(9))) return undefined;
  const total = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const nanoseconds = total * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return nanoseconds < perDay ? timeText(nanoseconds, 'ns') : undefined;
}

/** The way back, of a time of day that is one. */
export function durationOf(time: string): string {
  const [hours, minutes, seconds] = time.split(':');
  return `PT${hours}H${minutes}M${seconds}S`;
}

const msPerDay = 86_400_000;
/** Day 1 of 1900 is 1900-01-01; the day 60 is 1900-02-29, which never was. */
const epoch1900 = Date.UTC(1899, 11, 30);
const epoch1904 = Date.UTC(1904, 0, 1);
const lastDay = Date.UTC(9999, 11, 31) + msPerDay - 1;

/** The moment of a number of days, to the millisecond, or undefined when there is none. */
export function dateOfSerial(serial: number, is1904: boolean): Date | undefined {
  if (!(serial >= 0) || (!is1904 && Math.floor(serial) === 60)) return undefined;
  const epoch = is1904 ? epoch1904 : serial < 60 ? epoch1900 + msPerDay : epoch1900;
  const time = epoch + Math.round(serial * msPerDay);
  return time > lastDay ? undefined : new Date(time);
}

/** The number of days of a moment in a workbook of 1900, or undefined when Excel has none that gives it back. */
export function serialOfDate(date: Date): number | undefined {
  if (Number.isNaN(date.getTime()) || ('nanoseconds' in date && date.nanoseconds !== 0)) return undefined;
  const time = date.getTime();
  const days = (time - epoch1900) / msPerDay;
  const serial = days < 61 ? (time - epoch1900 - msPerDay) / msPerDay : days;
  return serial >= 1 && dateOfSerial(serial, false)?.getTime() === time ? serial : undefined;
}

/** A time of day (`12:34:56.789`) of a part of a day, or undefined when it is none. */
export function timeOfSerial(serial: number): string | undefined {
  const time = Math.round(serial * msPerDay);
  if (!(serial >= 0) || time >= msPerDay) return undefined;
  return new Date(time)
    .toISOString()
    .slice(11, -1)
    .replace(/\.000$/, '');
}

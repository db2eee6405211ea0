/** What a number means by the format that it is shown in. */
export type Meaning = 'number' | 'date' | 'moment' | 'time';

/** Formats that have numbers in place of texts (ISO/IEC 29500-1, 18.8.30). */
const builtIn = new Map<number, Meaning>([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'date'] as const),
  [22, 'moment'],
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56].map((id) => [id, 'time'] as const),
]);

export function meaningOf(id: number, code: string | undefined): Meaning {
  if (code === undefined) return builtIn.get(id) ?? 'number';
  // Of the sections, the first is for positive numbers. Quoted and escaped text, colours and fillers say nothing.
  const [section = ''] = code.replaceAll(/"[^"]*"|\\.|_.|\*./g, '').split(';');
  // Hours in brackets are an amount of time, which can be more than a day.
  if (/\[(?:h+|m+|s+)\]/i.test(section)) return 'number';
  const letters = section.replaceAll(/\[[^\]]*\]/g, '').toLowerCase();
  if (/general/.test(letters)) return 'number';
  const hasTime = /[hs]/.test(letters);
  // Minutes are spelled as months are.
  const hasDay = /[yd]|e{2}/.test(letters) || (!hasTime && letters.includes('m'));
  if (hasDay) return hasTime ? 'moment' : 'date';
  return hasTime ? 'time' : 'number';
}

/** Text by its characters: as it is, where each of them has one unit. */
export type Characters = string | readonly string[];

export function charactersOf(text: string): Characters {
  return /\p{Surrogate}|[\u{10000}-\u{10ffff}]/u.test(text) ? Array.from(text) : text;
}

/** The text from one character to another, without the blanks on both sides: other space is text. */
export function textIn(characters: Characters, start: number, end: number): string {
  const part = characters.slice(start, end);
  return withoutBlanks(typeof part === 'string' ? part : part.join(''));
}

function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}

/** The first character between two places that is not blank, or −1. */
export function firstIn(characters: Characters, from: number, to: number): number {
  for (let i = from; i < to && i < characters.length; i++) if (characters[i] !== ' ') return i;
  return -1;
}

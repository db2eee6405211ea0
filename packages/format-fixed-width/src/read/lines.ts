import { FormatError } from '@x/formats';

import { format, type ReadPlan } from '../options.ts';

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** The lines of a text without their ends, those that are blank left out unless they are to be kept. */
export async function* linesOf(
  text: AsyncIterable<string>,
  { maxLineLength, keepsEmpty }: Pick<ReadPlan, 'maxLineLength' | 'keepsEmpty'>,
): AsyncGenerator<Line[]> {
  let rest = '';
  let number = 0;
  /** Lines up to one that is too long: they are given on before that is said. */
  const take = (parts: readonly string[]): { lines: Line[]; isTooLong: boolean } => {
    const lines: Line[] = [];
    for (const part of parts) {
      number++;
      const plain = part.endsWith('\r') ? part.slice(0, -1) : part;
      if (plain.length > maxLineLength) return { lines, isTooLong: true };
      if (keepsEmpty || /[^ ]/.test(plain)) lines.push({ text: plain, number });
    }
    return { lines, isTooLong: false };
  };
  for await (const chunk of text) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    const { lines, isTooLong } = take(parts);
    if (lines.length > 0) yield lines;
    if (isTooLong) throw tooLong(number, maxLineLength);
    if (rest.length > maxLineLength + 1) throw tooLong(number + 1, maxLineLength);
  }
  if (rest === '') return;
  const { lines, isTooLong } = take([rest]);
  if (isTooLong) throw tooLong(number, maxLineLength);
  yield lines;
}

function tooLong(line: number, maxLength: number): FormatError {
  return new FormatError('LIMIT', `a line has more than ${maxLength} characters`, {
    format,
    line,
    column: maxLength + 1,
    hint: 'raise maxLineLength if the file is to be trusted; it may have no line breaks at all',
  });
}

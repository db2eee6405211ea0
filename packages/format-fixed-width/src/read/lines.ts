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
  const take = (line: string): Line[] => {
    number++;
    const plain = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (plain.length > maxLineLength) throw tooLong(number, maxLineLength);
    return keepsEmpty || /[^ ]/.test(plain) ? [{ text: plain, number }] : [];
  };
  for await (const chunk of text) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    if (rest.length > maxLineLength + 1) throw tooLong(number + parts.length + 1, maxLineLength);
    const lines = parts.flatMap(take);
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield take(rest);
}

function tooLong(line: number, maxLength: number): FormatError {
  return new FormatError('LIMIT', `a line has more than ${maxLength} characters`, {
    format,
    line,
    column: maxLength + 1,
    hint: 'raise maxLineLength if the file is to be trusted; it may have no line breaks at all',
  });
}

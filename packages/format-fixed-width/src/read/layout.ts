import { FormatError, type FormatErrorCode } from '@x/formats';

import { type Characters, charactersOf, firstIn, textIn } from '../characters.ts';
import { format, type Slot } from '../options.ts';
import type { Line } from './lines.ts';

const withFields = 'give the layout with fields';

/** The columns that have blanks between them in all these lines; the last one goes on to the end of the line. */
export function guessedSlots(header: Line, rows: readonly Line[]): Slot[] {
  const isUsed: boolean[] = [];
  for (const { text, number } of [header, ...rows]) {
    const characters = charactersOf(text);
    for (let i = 0; i < characters.length; i++) {
      if (characters[i] === '\t') {
        const hint = `${withFields}, or read it as tsv`;
        throw lineError('UNSUPPORTED', 'a tab may be any number of blanks', hint, number, i + 1);
      }
      if (characters[i] !== ' ') isUsed[i] = true;
    }
  }
  const slots = named(header, runsOf(isUsed));
  const last = slots.pop();
  return last === undefined ? [] : [...slots, { ...last, end: Number.POSITIVE_INFINITY }];
}

/** The columns that dashes under their names show. */
export function ruledSlots(header: Line, ruler: Line | undefined): Slot[] {
  if (ruler === undefined || !/^ *-[- ]*$/.test(ruler.text)) {
    const { number } = ruler ?? { number: header.number + 1 };
    const hint = `${withFields}, or without ruler by the first lines`;
    throw lineError('CORRUPT', 'there is no line of dashes under the names', hint, number, 1);
  }
  const runs = runsOf(Array.from(ruler.text, (character) => character === '-'));
  const names = charactersOf(header.text);
  let end = 0;
  for (const run of [...runs, { start: names.length, end: 0 }]) {
    const stray = firstIn(names, end, run.start);
    if (stray >= 0) {
      throw lineError('CORRUPT', 'a name has no dashes under it', withFields, header.number, stray + 1);
    }
    ({ end } = run);
  }
  return named(header, runs);
}

interface Run {
  readonly start: number;
  readonly end: number;
}

function runsOf(isUsed: readonly (boolean | undefined)[]): Run[] {
  const runs: Run[] = [];
  for (let start = 0; start < isUsed.length; start++) {
    if (isUsed[start] !== true) continue;
    let end = start;
    while (isUsed[end] === true) end++;
    runs.push({ start, end });
    start = end;
  }
  return runs;
}

/** The columns with the names that the first line has there. */
function named(header: Line, runs: readonly Run[]): Slot[] {
  const names: Characters = charactersOf(header.text);
  const taken = new Set<string>();
  return runs.map(({ start, end }) => {
    const name = textIn(names, start, end);
    if (name === '') {
      const what = 'a column has no name in the first line';
      throw lineError('EMPTY_COLUMN_NAME', what, withFields, header.number, start + 1);
    }
    if (taken.has(name)) {
      const what = `two columns have the name ${JSON.stringify(name)}`;
      throw lineError('DUPLICATE_COLUMN', what, `rename one, or ${withFields}`, header.number, start + 1);
    }
    taken.add(name);
    return { name, start, end };
  });
}

export function lineError(
  code: FormatErrorCode,
  what: string,
  hint: string,
  line: number,
  column: number,
): FormatError {
  return new FormatError(code, what, { format, line, column, hint });
}

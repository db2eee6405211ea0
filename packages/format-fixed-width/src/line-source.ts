import { type Column, FormatError, type FormatErrorCode, type Value } from '@x/formats';
import { BadRow, type RowChunk, type RowSource } from '@x/formats/rows';

import { type Line, linesOf } from './lines.ts';
import { format, type ReadPlan, type Slot } from './options.ts';

/** Reads the cells of lines. */
export class LineSource implements RowSource {
  readonly #text: AsyncGenerator<string>;
  readonly #plan: ReadPlan;
  readonly #lines: AsyncGenerator<Line[]>;
  /** Lines that have been looked at for the layout, and are rows. */
  #held: Line[] = [];
  #slots: readonly Slot[] = [];
  /** Whether the layout is a guess: then nothing may stand between the columns. */
  #isGuessed = false;

  constructor(text: AsyncGenerator<string>, plan: ReadPlan) {
    this.#text = text;
    this.#plan = plan;
    this.#lines = linesOf(text, plan.maxLineLength);
  }

  async open(): Promise<readonly Column[]> {
    const { slots, headerLines, scanLimit } = this.#plan;
    if (slots === undefined) {
      await this.#hold(scanLimit + 1);
      const [header, ...rows] = this.#held;
      this.#held = rows;
      this.#isGuessed = true;
      if (header !== undefined) this.#slots = guessedSlots(header, rows.slice(0, scanLimit));
    } else {
      await this.#hold(headerLines);
      this.#held = this.#held.slice(headerLines);
      this.#slots = slots;
    }
    return this.#slots.map(({ name }) => ({ name, type: { kind: 'string' } }));
  }

  async *chunks(): AsyncGenerator<RowChunk> {
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) yield { rows: held.map((line) => this.#rowOf(line)) };
    for await (const lines of this.#lines) yield { rows: lines.map((line) => this.#rowOf(line)) };
  }

  async close(): Promise<void> {
    await this.#lines.return(undefined);
    await this.#text.return(undefined);
  }

  async #hold(count: number): Promise<void> {
    while (this.#held.length < count) {
      const { done, value } = await this.#lines.next();
      if (done === true) return;
      this.#held.push(...value);
    }
  }

  #rowOf(line: Line): readonly Value[] | BadRow {
    const characters = charactersOf(line.text);
    const row: Value[] = [];
    let end = 0;
    for (const slot of this.#slots) {
      if (this.#isGuessed) {
        const stray = firstOf(characters, end, slot.start);
        if (stray >= 0) return this.#stray(line, stray, slot.name);
      }
      const text = textOf(characters, slot.start, slot.end);
      row.push(text === '' ? null : text);
      ({ end } = slot);
    }
    const behind = firstOf(characters, end, characters.length);
    return behind < 0 ? row : this.#stray(line, behind, undefined);
  }

  #stray({ text, number }: Line, at: number, before: string | undefined): BadRow {
    const where =
      before === undefined ? 'behind the last column' : `in front of the column ${JSON.stringify(before)}`;
    const hint = this.#isGuessed
      ? 'look at more lines for the layout with scanLimit, or give it with fields'
      : 'give a field for it, or a width that takes it in';
    return new BadRow(
      lineError('RAGGED_ROW', `there is text ${where}`, hint, number, at + 1),
      Buffer.from(text),
    );
  }
}

/** Text by its characters: as it is, where each of them has one unit. */
type Characters = string | readonly string[];

function charactersOf(text: string): Characters {
  return /\p{Surrogate}|[\u{10000}-\u{10ffff}]/u.test(text) ? Array.from(text) : text;
}

function textOf(characters: Characters, start: number, end: number): string {
  const part = characters.slice(start, end);
  return trimmed(typeof part === 'string' ? part : part.join(''));
}

/** Without the blanks on both sides: other space is text. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}

/** The first character between two places that is not blank, or −1. */
function firstOf(characters: Characters, from: number, to: number): number {
  for (let i = from; i < to && i < characters.length; i++) if (characters[i] !== ' ') return i;
  return -1;
}

/** The columns that have blanks between them in all these lines; the last one goes on to the end of the line. */
function guessedSlots(header: Line, rows: readonly Line[]): Slot[] {
  const isUsed: boolean[] = [];
  for (const { text, number } of [header, ...rows]) {
    const characters = charactersOf(text);
    for (let i = 0; i < characters.length; i++) {
      if (characters[i] === '\t') {
        throw lineError(
          'UNSUPPORTED',
          'a tab may be any number of blanks',
          'give the layout with fields, or read it as tsv',
          number,
          i + 1,
        );
      }
      if (characters[i] !== ' ') isUsed[i] = true;
    }
  }
  const names = charactersOf(header.text);
  const slots: Slot[] = [];
  for (let start = 0; start < isUsed.length; start++) {
    if (isUsed[start] !== true) continue;
    let end = start;
    while (isUsed[end] === true) end++;
    const name = textOf(names, start, end);
    if (name === '') {
      const hint = 'give the layout with fields';
      throw lineError(
        'EMPTY_COLUMN_NAME',
        'a column has no name in the first line',
        hint,
        header.number,
        start + 1,
      );
    }
    if (slots.some((slot) => slot.name === name)) {
      const hint = 'rename one, or give the layout with fields';
      throw lineError(
        'DUPLICATE_COLUMN',
        `two columns have the name ${JSON.stringify(name)}`,
        hint,
        header.number,
        start + 1,
      );
    }
    slots.push({ name, start, end });
    start = end;
  }
  const last = slots.pop();
  return last === undefined ? [] : [...slots, { ...last, end: Number.POSITIVE_INFINITY }];
}

function lineError(
  code: FormatErrorCode,
  what: string,
  hint: string,
  line: number,
  column: number,
): FormatError {
  return new FormatError(code, what, { format, line, column, hint });
}

import type { Column, Value } from '@x/formats';
import { BadRow, type Ended, type RowChunk, type RowSource } from '@x/formats/rows';

import { charactersOf, firstIn, textIn } from '../characters.ts';
import type { ReadPlan, Slot } from '../options.ts';
import { guessedSlots, lineError, ruledSlots } from './layout.ts';
import { type Line, linesOf } from './lines.ts';

/** Reads the cells of lines. */
export class LineSource implements RowSource {
  readonly #text: Ended<string>;
  readonly #plan: ReadPlan;
  readonly #lines: AsyncGenerator<Line[]>;
  /** Lines that have been looked at for the layout, and are rows. */
  #held: Line[] = [];
  #slots: readonly Slot[] = [];

  constructor(text: Ended<string>, plan: ReadPlan) {
    this.#text = text;
    this.#plan = plan;
    this.#lines = linesOf(text, plan);
  }

  async open(): Promise<readonly Column[]> {
    this.#slots = await this.#takeLayout();
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
    await this.#text.return();
  }

  /** Takes the lines that are no rows. */
  async #takeLayout(): Promise<readonly Slot[]> {
    const { slots, headerLines, hasRuler, scanLimit } = this.#plan;
    if (slots !== undefined) {
      await this.#take(headerLines);
      return slots;
    }
    const [header] = await this.#take(1);
    if (header === undefined) return [];
    if (hasRuler) return ruledSlots(header, (await this.#take(1))[0]);
    await this.#hold(scanLimit);
    return guessedSlots(header, this.#held.slice(0, scanLimit));
  }

  async #take(count: number): Promise<Line[]> {
    await this.#hold(count);
    return this.#held.splice(0, count);
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
      // What lies between two fields is left out, as whoever gives them says.
      if (this.#plan.slots === undefined) {
        const stray = firstIn(characters, end, slot.start);
        if (stray >= 0) return this.#stray(line, stray, slot.name);
      }
      const text = textIn(characters, slot.start, slot.end);
      row.push(text === '' ? null : text);
      ({ end } = slot);
    }
    const behind = firstIn(characters, end, characters.length);
    return behind < 0 ? row : this.#stray(line, behind, undefined);
  }

  #stray({ text, number }: Line, at: number, before: string | undefined): BadRow {
    const { slots, hasRuler } = this.#plan;
    const where =
      before === undefined ? 'behind the last column' : `in front of the column ${JSON.stringify(before)}`;
    let hint = 'look at more lines for the layout with scanLimit, or give it with fields';
    if (hasRuler) hint = 'give the layout with fields: the line of dashes is not right';
    if (slots !== undefined) hint = 'give a field for it, or a width that takes it in';
    return new BadRow(
      lineError('RAGGED_ROW', `there is text ${where}`, hint, number, at + 1),
      Buffer.from(text),
    );
  }
}

import { type ByteSink, type Column, type DataType, FormatError, type Value } from '@x/formats';
import { ByteWriter, refuseUnnamed, type TableEncoder, textOf } from '@x/formats/rows';

import { charactersOf } from '../characters.ts';
import { format, type WritePlan, type WrittenSlot } from '../options.ts';

/** The texts of a row by the slots, undefined for null. */
type Cells = readonly (string | undefined)[];

/** Writes a line for each row. Without a layout, the first rows are held until their widths are known. */
export class LineEncoder implements TableEncoder {
  readonly needsColumns = true;
  readonly #sink: ByteSink;
  readonly #plan: WritePlan;
  readonly #out = new ByteWriter();
  #columns: readonly Column[] = [];
  #slots: readonly WrittenSlot[] | undefined;
  /** For each slot, the number of its column, −1 where there is none. */
  #order: readonly number[] = [];
  #held: Cells[] = [];
  #isFirst = true;

  constructor(sink: ByteSink, plan: WritePlan) {
    this.#sink = sink;
    this.#plan = plan;
  }

  begin(columns: readonly Column[]): void {
    this.#columns = columns;
    const { slots, header } = this.#plan;
    if (header) refuseUnnamed(columns, format, ', or leave the names out with header: false');
    for (const { name: field } of header ? columns : []) {
      const what = unheld(field);
      if (what === undefined) continue;
      const hint = 'rename the column, or leave the names out with header: false';
      throw new FormatError('UNREPRESENTABLE', what, { format, field, hint });
    }
    this.#order = (slots ?? columns).map((slot) => columns.findIndex(({ name }) => name === slot.name));
    if (slots === undefined) return;
    const left = columns.find(({ name }) => !slots.some((slot) => slot.name === name));
    if (left !== undefined) {
      const what = `fields has no ${JSON.stringify(left.name)}, which is a column`;
      const hint = 'give it a field, or leave it out with columns';
      throw new FormatError('BAD_OPTION', what, { format, field: left.name, hint });
    }
    this.#settle(slots);
  }

  addRow(values: readonly Value[], row: number): void {
    const cells = this.#order.map((from) => this.#textOf(values[from], from, row));
    if (this.#slots !== undefined) return this.#putRow(this.#slots, cells, row);
    this.#held.push(cells);
    if (this.#held.length >= this.#plan.scanLimit) this.#settle(this.#measured());
  }

  drain(): Promise<void> {
    return this.#out.drain(this.#sink);
  }

  async end(): Promise<void> {
    if (this.#slots === undefined) this.#settle(this.#measured());
    await this.#out.drain(this.#sink, true);
  }

  /** The columns, a blank between them, as wide as what is held. */
  #measured(): WrittenSlot[] {
    let start = 0;
    return this.#columns.map(({ name }, i) => {
      let width = this.#plan.header ? lengthOf(name) : 1;
      for (const cells of this.#held) width = Math.max(width, lengthOf(cells[i] ?? ''));
      const slot = { name, start, end: start + width, align: undefined, pad: ' ' };
      start += width + 1;
      return slot;
    });
  }

  /** Begins the file: with the names, and the rows that waited for the layout. */
  #settle(slots: readonly WrittenSlot[]): void {
    const { header, ruler } = this.#plan;
    const settled = slots.map((slot, i) => {
      return { ...slot, align: slot.align ?? sideOf(this.#columns[this.#order[i]!]?.type) };
    });
    this.#slots = settled;
    const blank = settled.map((slot) => ({ ...slot, pad: ' ' }));
    const above = [
      ...(header ? [slots.map(({ name }) => name)] : []),
      ...(ruler ? [slots.map(({ start, end }) => '-'.repeat(end - start))] : []),
    ];
    for (const cells of slots.length > 0 ? above : []) this.#putRow(blank, cells, undefined);
    for (const cells of this.#held) this.#putRow(settled, cells, undefined);
    this.#held = [];
  }

  #textOf(value: Value, from: number, row: number): string | undefined {
    if (value === null || value === undefined) return undefined;
    const { name, type } = this.#columns[from]!;
    const place = { format, row, field: name, type };
    const text = textOf(value, place);
    // As blank as null.
    if (text === '') return undefined;
    const what = unheld(text);
    if (what === undefined) return text;
    const hint = 'take them out of the text, or choose another format';
    throw new FormatError('UNREPRESENTABLE', what, { ...place, hint });
  }

  /** @param row Its number; undefined for what is no row, or has been measured. */
  #putRow(slots: readonly WrittenSlot[], cells: Cells, row: number | undefined): void {
    let line = '';
    let at = 0;
    for (const [i, { name, start, end, align, pad }] of slots.entries()) {
      const text = cells[i];
      const width = end - start;
      const length = text === undefined ? width : lengthOf(text);
      if (length > width) throw this.#tooWide(name, text!, length, width, row);
      line += ' '.repeat(start - at);
      if (text === undefined) line += ' '.repeat(width);
      else if (align === 'left') line += text + pad.repeat(width - length);
      // As a number is read: the sign is in front of zeros.
      else if (pad === '0' && /^-\d/.test(text)) line += `-${pad.repeat(width - length)}${text.slice(1)}`;
      else line += pad.repeat(width - length) + text;
      at = end;
    }
    // A reader takes a first mark off.
    if (this.#isFirst && line.startsWith('\ufeff')) line = `\ufeff${line}`;
    this.#isFirst = false;
    this.#out.text(`${line}\n`);
  }

  #tooWide(field: string, text: string, length: number, width: number, row: number | undefined): FormatError {
    const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
    const isGiven = this.#plan.slots !== undefined;
    return new FormatError('UNREPRESENTABLE', `${shown} has ${length} characters, its column ${width}`, {
      format,
      field,
      ...(row !== undefined && { row }),
      hint: isGiven
        ? `give its field a width of ${length}`
        : `look at more rows for the widths with scanLimit, or give fields, this one with a width of ${length}`,
    });
  }
}

function lengthOf(text: string): number {
  return charactersOf(text).length;
}

function sideOf(type: DataType | undefined): 'left' | 'right' {
  return type?.kind === 'integer' || type?.kind === 'float64' || type?.kind === 'decimal' ? 'right' : 'left';
}

/** Why a text would be another one, or none, when it is read. */
function unheld(text: string): string | undefined {
  if (/[\n\r]/.test(text)) return 'a line has no room for line breaks';
  if (!text.startsWith(' ') && !text.endsWith(' ')) return undefined;
  return 'blanks at the ends of a text are the same as none in a column of fixed width';
}

import type { Schema, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { refuseUnnamed } from '../sink/refuse-unnamed.ts';
import type { CellPlace } from '../value/cell-place.ts';
import { textOf } from '../value/text.ts';
import { none } from './dialect.ts';
import type { WritePlan } from './write-plan.ts';

/** Spells values as cells, quoted where they have to be. */
export class CellText {
  readonly #plan: WritePlan;
  readonly #delimiter: string;
  readonly #quote: string;
  readonly #lineEnding: string;
  readonly #special: RegExp;

  constructor(plan: WritePlan) {
    this.#plan = plan;
    this.#delimiter = String.fromCharCode(plan.delimiter);
    this.#quote = plan.quote === none ? '' : String.fromCharCode(plan.quote);
    this.#lineEnding = plan.crlf ? '\r\n' : '\n';
    const codes = [10, 13, plan.delimiter, plan.quote].filter((code) => code !== none);
    this.#special = new RegExp(
      `[${codes.map((code) => `\\x${code.toString(16).padStart(2, '0')}`).join('')}]`,
    );
  }

  header(schema: Schema): string {
    const { format } = this.#plan;
    refuseUnnamed(schema.columns, format, ', or leave the names out with header: false');
    return this.line(schema.columns.map(({ name }) => this.#quoted(name, { format, row: 0, field: name })));
  }

  line(cells: readonly string[]): string {
    // A lone empty cell would be a blank line, which readers take for nothing. Where null can be told
    // from empty text, it is what a blank line is.
    const { quotesNullText, nullText } = this.#plan;
    const isNull = quotesNullText && nullText === '';
    const isBlank = cells.length === 1 && cells[0] === '' && !isNull;
    const text = isBlank ? this.#quote + this.#quote : cells.join(this.#delimiter);
    return text + this.#lineEnding;
  }

  cell(value: Exclude<Value, null | undefined>, place: CellPlace): string {
    const text = typeof value === 'boolean' ? this.#plan.booleans[value ? 0 : 1] : textOf(value, place);
    return this.#quoted(typeof value === 'string' && this.#plan.guardFormulas ? guarded(text) : text, place);
  }

  #quoted(text: string, place: CellPlace): string {
    const { nullText, quotesNullText, quoteAll, format } = this.#plan;
    const isSpecial = this.#special.test(text);
    if (!isSpecial && !quoteAll && !(quotesNullText && text === nullText)) return text;
    if (this.#quote !== '') {
      return this.#quote + text.replaceAll(this.#quote, () => this.#quote + this.#quote) + this.#quote;
    }
    if (!isSpecial) return text;
    throw new FormatError('UNREPRESENTABLE', `${JSON.stringify(text.slice(0, 60))} needs quotes`, {
      ...place,
      format,
      hint: 'write with quotes, or with a delimiter that is in no cell',
    });
  }
}

/** A text that no spreadsheet takes for a formula. A number is none. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)
    ? `'${text}`
    : text;
}

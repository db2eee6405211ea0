import type { CellsLayout, DataType, Value } from '../contract.ts';
import { JsonParser, parseJson } from '../json/parse.ts';
import { Kind, kindMask } from '../kernel/cell.ts';
import { numberValue } from '../value/decimal.ts';
import { parseDate, parseTimestamp } from '../value/time.ts';

/** Reads the values of a layout's cells, by their number over all rows. */
export class CellReader {
  readonly #layout: CellsLayout;
  readonly #quote: string;
  #bytes!: Buffer;
  #bounds!: Uint32Array;
  #kinds!: Uint8Array;

  constructor(layout: CellsLayout) {
    this.#layout = layout;
    this.#quote = String.fromCharCode(layout.quote);
    this.refresh();
  }

  /** Takes up the arrays of the layout again, if memory has moved since. */
  refresh(): void {
    if (this.#bytes?.length > 0) return;
    const { bytes, bounds, kinds } = this.#layout;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#bounds = bounds;
    this.#kinds = kinds;
  }

  kindOf(cell: number): number {
    return this.#kinds[cell]!;
  }

  start(cell: number): number {
    return this.#bounds[cell * 2]!;
  }

  /** The cell as the source spells it, without the quotes around it. */
  spelling(cell: number): string {
    return this.#bytes.toString('utf8', this.#bounds[cell * 2], this.#bounds[cell * 2 + 1]);
  }

  /** The text of a cell that is text. */
  text(cell: number): string {
    const text = this.spelling(cell);
    const kind = this.#kinds[cell]! & kindMask;
    if (kind === Kind.doubled) return text.replaceAll(this.#quote + this.#quote, () => this.#quote);
    if (kind === Kind.escaped) return String(JSON.parse(`"${text}"`));
    return text;
  }

  /** The value, read as of its column's type where the cell is text. */
  value(cell: number, type: DataType): Value {
    switch (this.#kinds[cell]! & kindMask) {
      case Kind.null:
        return null;
      case Kind.missing:
        return undefined;
      case Kind.literal: {
        const text = this.spelling(cell);
        if (text === 'true') return true;
        return text === 'false' ? false : numberValue(text);
      }
      case Kind.nested:
        return new JsonParser(this.spelling(cell), Number.POSITIVE_INFINITY).value();
      default:
        return typedText(this.text(cell), type);
    }
  }
}

/** Whether the text of a cell is not its value, in a column of that type. */
export function isSpelled(type: DataType): boolean {
  return type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'json';
}

/** The value of a text in a column of that type; undefined when it has none. */
export function typedText(text: string, type: DataType): Value {
  if (type.kind === 'date') return parseDate(text);
  if (type.kind === 'timestamp') return parseTimestamp(text);
  return type.kind === 'json' ? parseJson(text) : text;
}

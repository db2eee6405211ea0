import { constants } from 'node:buffer';

import type { CellsLayout, DataType, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { JsonParser, parseJson } from '../json/parse.ts';
import { BlockTexts } from './block-texts.ts';
import { JsonSyntaxError } from '../json/scanner.ts';
import { Kind, kindMask } from '../kernel/cell.ts';
import { type Decimal, numberValue } from '../value/decimal.ts';
import { parseDate, parseOfType } from '../value/time.ts';
import { ArenaCells } from './arena-cells.ts';

/** Characters that a string can have, and bytes that are sure not to be more. */
const longestText = constants.MAX_STRING_LENGTH;

const nowhere = new Uint32Array(0);

/** Reads the values of a layout's cells, by their number over all rows. */
export class CellReader {
  readonly #layout: CellsLayout;
  readonly #quote: string;
  readonly #numberOf: (text: string) => number | bigint | Decimal;
  #bytes!: Buffer;
  #bounds!: Uint32Array;
  #kinds!: Uint8Array;
  /** Where in the text of a row its cells begin and end, in turn. */
  #places = nowhere;
  readonly #texts: string[] = [];
  readonly #rows: number;
  /** Undefined until a row is read. */
  #block: BlockTexts | false | undefined;
  #isBlockRead = false;

  /** `numberOf` gives the value of a number as it is spelled; by default one that keeps the spelling. */
  constructor(layout: CellsLayout, numberOf: (text: string) => number | bigint | Decimal = numberValue) {
    this.#layout = layout;
    this.#numberOf = numberOf;
    this.#quote = String.fromCharCode(layout.quote);
    this.#refresh();
    this.#rows = this.#kinds.length / layout.stride;
  }

  kindOf(cell: number): number {
    return this.#kinds[cell]!;
  }

  start(cell: number): number {
    return this.#bounds[cell * 2]!;
  }

  /**
   * The cell as the source spells it, without the quotes around it.
   *
   * @throws {FormatError} LIMIT when that is longer than a string can be.
   */
  spelling(cell: number): string {
    const start = this.#bounds[cell * 2]!;
    const end = this.#bounds[cell * 2 + 1]!;
    if (end - start > longestText) {
      throw new FormatError('LIMIT', `a cell of ${end - start} bytes is longer than text can be`, {
        hint: `lower maxRecordBytes to ${longestText}, and leave the record out with onBadRow`,
      });
    }
    return this.#bytes.toString('utf8', start, end);
  }

  /** The text of a cell that is text. */
  text(cell: number): string {
    return this.#unquoted(this.spelling(cell), this.#kinds[cell]! & kindMask);
  }

  /** The value of a cell, read as of its column's type where it is text. */
  value(cell: number, type: DataType): Value {
    return this.#valueOf(cell, this.spelling(cell), this.#kinds[cell]! & kindMask, type);
  }

  /** Puts the values of a row into `values`: for each column, that of its cell. */
  readRow(row: number, types: readonly DataType[], values: Value[]): void {
    // Whoever iterates may have made the memory grow in between.
    if (this.#bytes.length === 0) this.#refresh();
    const { order, stride } = this.#layout;
    const first = row * stride;
    const block = this.#blockOf(row);
    const texts = block === undefined ? this.#textsOfRow(first) : block.texts;
    const offset = block === undefined ? 0 : (row - block.from) * stride;
    const kinds = this.#kinds;
    for (let i = 0; i < order.length; i++) {
      const number = order[i]!;
      const spelling = texts[offset + number]!;
      const kind = kinds[first + number]! & kindMask;
      values[i] =
        kind === Kind.text && !isSpelled(types[i]!)
          ? spelling
          : this.#valueOf(first + number, spelling, kind, types[i]!);
    }
  }

  /** The texts of a row with those around it, where that can be had. */
  #blockOf(row: number): BlockTexts | undefined {
    this.#block ??= BlockTexts.of(this.#layout) ?? false;
    const block = this.#block;
    if (block === false) return undefined;
    if (row < block.from || row >= block.to) this.#isBlockRead = block.read(row, this.#rows - row);
    return this.#isBlockRead ? block : undefined;
  }

  /** The texts of a row by itself; this is the reference for those of a block. */
  #textsOfRow(first: number): readonly string[] {
    const { order, isInOrder } = this.#layout;
    const texts = this.#texts;
    const text = isInOrder ? this.#textOfRow(first) : undefined;
    const places = this.#places;
    for (const number of order) {
      texts[number] =
        text === undefined
          ? this.spelling(first + number)
          : text.slice(places[number * 2], places[number * 2 + 1]);
    }
    return texts;
  }

  /** The text of all the cells of a row, if it is not too long: decoding it at once is faster. */
  #textOfRow(first: number): string | undefined {
    if (this.#places === nowhere) this.#places = new Uint32Array(this.#layout.stride * 2);
    const places = this.#places;
    const bounds = this.#bounds;
    const from = first * 2;
    const start = bounds[from] ?? 0;
    const end = bounds[from + places.length - 1] ?? 0;
    if (end - start > longestText) return undefined;
    const text = this.#bytes.toString('utf8', start, end);
    if (text.length === end - start) {
      for (let i = 0; i < places.length; i++) places[i] = bounds[from + i]! - start;
      return text;
    }
    const bytes = this.#bytes;
    let p = start;
    let character = 0;
    for (let i = 0; i < places.length; i++) {
      for (const place = bounds[from + i]!; p < place; p++) {
        const byte = bytes[p]!;
        // What begins with four bytes ahead is a pair of surrogates.
        if ((byte & 0xc0) !== 0x80) character += byte < 0xf0 ? 1 : 2;
      }
      places[i] = character;
    }
    return text;
  }

  #valueOf(cell: number, spelling: string, kind: number, type: DataType): Value {
    switch (kind) {
      case Kind.null:
        return null;
      case Kind.missing:
        return undefined;
      case Kind.literal:
        if (spelling === 'true') return true;
        return spelling === 'false' ? false : this.#numberOf(spelling);
      case Kind.nested:
        return this.#nested(cell, spelling);
      case Kind.text:
        return isSpelled(type) ? typedText(spelling, type) : spelling;
      default: {
        const text = this.#unquoted(spelling, kind);
        return isSpelled(type) ? typedText(text, type) : text;
      }
    }
  }

  /** A list or an object, which is JSON for sure, but may have a key twice. */
  #nested(cell: number, spelling: string): Value {
    try {
      return new JsonParser(spelling, Number.POSITIVE_INFINITY, this.#numberOf).value();
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
      const layout = this.#layout;
      throw new FormatError('DUPLICATE_KEY', cause.message, {
        ...(layout instanceof ArenaCells && layout.place.locate(this.start(cell))),
        cause,
        hint: 'an object with a key twice is kept as it is from JSON to JSON only',
      });
    }
  }

  #unquoted(spelling: string, kind: number): string {
    if (kind === Kind.doubled) return spelling.split(this.#quote + this.#quote).join(this.#quote);
    return kind === Kind.escaped ? String(JSON.parse(`"${spelling}"`)) : spelling;
  }

  #refresh(): void {
    const { bytes, bounds, kinds } = this.#layout;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#bounds = bounds;
    this.#kinds = kinds;
  }
}

/** Whether the text of a cell is not its value, in a column of that type. */
export function isSpelled({ kind }: DataType): boolean {
  return kind === 'date' || kind === 'timestamp' || kind === 'json';
}

/** Whether writers of text would spell the value of a text cell in another way than the cell does, or not as text. */
export function isRespelled(type: DataType): boolean {
  return type.kind === 'json' || (type.kind === 'timestamp' && type.unit !== 'ms');
}

/** The value of a text in a column of that type; undefined when it has none. */
function typedText(text: string, type: DataType): Value {
  if (type.kind === 'date') return parseDate(text);
  return type.kind === 'timestamp' ? parseOfType(text, type) : parseJson(text);
}

import type { CellsLayout, Layout, RecordSlices, RowsLayout, Schema } from '../contract.ts';
import type { TextPosition } from '../source/position.ts';
import type { Arena } from '../kernel/arena.ts';

/** Where the cells of some rows are in an arena. */
export interface CellsPlace {
  readonly arena: Arena;
  /** Place of the bounds of the first row's first cell. */
  readonly pairsAt: number;
  readonly kindsAt: number;
  /** Cells a row. */
  readonly stride: number;
  /** For each column, the number of its cell in the row. */
  readonly order: readonly number[];
  readonly isInOrder: boolean;
  /** The byte that is doubled in doubled text. */
  readonly quote: number;
  /** The byte between two cells without quotes, where nothing else is; else 0. */
  readonly delimiter: number;
  /** Place of the bounds of the first row as a JSON object, and the schema that these have. */
  readonly recordsAt: number | undefined;
  readonly recordSchema: Schema | undefined;
  /** Where in the source a place of the arena is. */
  readonly locate: (place: number) => TextPosition & { readonly byteOffset?: number };
}

/** Cells in an arena: what the readers of this package hand to its writers. */
export class ArenaCells implements CellsLayout {
  readonly kind = 'cells';
  readonly place: CellsPlace;
  readonly #rowCount: number;

  constructor(place: CellsPlace, rowCount: number) {
    this.place = place;
    this.#rowCount = rowCount;
  }

  get bytes(): Uint8Array {
    return this.place.arena.bytes;
  }

  get bounds(): Uint32Array {
    const from = this.place.pairsAt >>> 2;
    return this.place.arena.words.subarray(from, from + this.#rowCount * this.place.stride * 2);
  }

  get kinds(): Uint8Array {
    const { arena, kindsAt, stride } = this.place;
    return arena.bytes.subarray(kindsAt, kindsAt + this.#rowCount * stride);
  }

  get stride(): number {
    return this.place.stride;
  }

  get order(): readonly number[] {
    return this.place.order;
  }

  get isInOrder(): boolean {
    return this.place.isInOrder;
  }

  get quote(): number {
    return this.place.quote;
  }

  get records(): RecordSlices | undefined {
    const { arena, recordsAt, recordSchema: schema } = this.place;
    if (recordsAt === undefined || schema === undefined) return undefined;
    const from = recordsAt >>> 2;
    return { bounds: arena.words.subarray(from, from + this.#rowCount * 2), schema };
  }
}

/** Cells of which some are more than their text: to a writer of text, rows; to who makes columns of them, cells. */
export class SpelledCells implements RowsLayout {
  readonly kind = 'rows';
  readonly cells: CellsLayout;

  constructor(cells: CellsLayout) {
    this.cells = cells;
  }
}

/** The cells in an arena that a batch has, whatever they are to a writer of text. */
export function arenaCellsIn(layout: Layout): ArenaCells | undefined {
  const cells = layout instanceof SpelledCells ? layout.cells : layout;
  return cells instanceof ArenaCells ? cells : undefined;
}

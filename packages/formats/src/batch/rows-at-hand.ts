import type { Schema } from '../contract.ts';
import type { FormatError, FormatErrorCode, FormatErrorDetails } from '../format-error.ts';
import type { CellIndex } from '../kernel/cell-index.ts';
import type { Input } from '../source/input.ts';
import { ArenaCells } from './arena-cells.ts';

/** Rows of cells that a reader has in memory. */
export interface RowsAtHand {
  readonly input: Input;
  readonly index: CellIndex;
  /** Cells a row. */
  readonly width: number;
  readonly rows: number;
  /** Position of the first of them in the source. */
  readonly firstRow: number;
  /** Whether the cells of a row are all there, one behind the other. */
  readonly isInOrder: boolean;
  /** Whether the index has the rows as JSON objects. */
  readonly hasRecords: boolean;
  /** The byte that is doubled in doubled text. */
  readonly quote: number;
  /** The byte between two cells without quotes, where nothing else is; else 0. */
  readonly delimiter: number;
  errorAt(place: number, code: FormatErrorCode, what: string, details?: FormatErrorDetails): FormatError;
}

/**
 * Rows `from` … `from + count` as a layout; `order` has the number of the cell of each column, and
 * `recordSchema` is the schema that the rows have as JSON objects, where they may be taken as such.
 */
export function layoutOf(
  atHand: RowsAtHand,
  order: readonly number[] = [],
  from = 0,
  count = atHand.rows,
  recordSchema?: Schema,
): ArenaCells {
  const { delimiter, index, input, isInOrder, quote, width: stride } = atHand;
  const first = from * stride;
  const place = {
    arena: input.arena,
    pairsAt: index.pairsAt + first * 8,
    kindsAt: index.kindsAt + first,
    stride,
    order,
    isInOrder,
    quote,
    delimiter,
    recordsAt: atHand.hasRecords ? index.recordsAt + from * 8 : undefined,
    recordSchema,
    locate: (at: number) => input.locate(at),
  };
  return new ArenaCells(place, count);
}

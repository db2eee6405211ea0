import { type Batch, type Column, type Row, rowsBatch, type Schema, type Value } from '@x/formats';

import { ConvertError } from '../errors.ts';
import { hasMembers, nameOf, strangeValue } from './check-value.ts';

/**
 * Gathers row objects into batches. A key that no row had before becomes a further column, so each
 * batch may have more columns than the one before it, never fewer; unless it is told which to keep.
 */
export class RowBatcher {
  readonly #indexes = new Map<string, number>();
  #columns: readonly Column[] = [];
  readonly #keepsAll: boolean;
  readonly #unseen: Set<string>;
  #rows: Value[][] = [];
  #firstRow = 0;

  /** @param columns The keys to keep, in this order; by default all. */
  constructor(columns?: readonly string[]) {
    this.#keepsAll = columns === undefined;
    this.#unseen = new Set(columns);
    for (const name of columns ?? []) this.#addColumn(name);
  }

  /** The first of the keys to keep that no row has had. */
  get unseen(): string | undefined {
    return this.#unseen.values().next().value;
  }

  /** Rows added that no batch has taken. */
  get pending(): number {
    return this.#rows.length;
  }

  /** The columns known so far. */
  get schema(): Schema {
    return { columns: this.#columns };
  }

  /**
   * @param rowNumber For errors, where it is not the place among the rows that were added.
   * @param names The keys, in the order of the columns that they are to become.
   */
  add(row: Row, rowNumber = this.#firstRow + this.#rows.length + 1, names?: readonly string[]): void {
    // A Map or a Promise has no keys, and would be a row of nothing.
    if (typeof row !== 'object' || row === null || Array.isArray(row) || !hasMembers(row)) {
      const isBytes = row instanceof Uint8Array;
      const place = {
        row: rowNumber,
        hint: isBytes ? 'of bytes say what they are with from.format' : undefined,
      };
      throw new ConvertError('NOT_A_ROW', `a row must be an object, not ${nameOf(row)}`, place);
    }
    const before = this.#columns;
    let refused: ConvertError | undefined;
    const values: Value[] = [];
    for (const key of names ?? Object.keys(row)) {
      let index = this.#indexes.get(key);
      if (index === undefined) {
        if (!this.#keepsAll) continue;
        index = this.#addColumn(key);
      } else if (this.#unseen.size > 0) this.#unseen.delete(key);
      const value = row[key];
      // What one format cannot hold, as another can, it refuses itself.
      if (isMoreThanText(value)) {
        const place = { row: rowNumber, column: key };
        refused ??= strangeValue(value, place);
      }
      values[index] = value as Value;
    }
    if (refused !== undefined) {
      this.#forgetColumnsSince(before);
      throw refused;
    }
    this.#rows.push(values);
  }

  /** A row that is left out must not leave columns behind. */
  #forgetColumnsSince(before: readonly Column[]): void {
    for (const { name } of this.#columns.slice(before.length)) this.#indexes.delete(name);
    this.#columns = before;
  }

  #addColumn(name: string): number {
    const index = this.#columns.length;
    this.#indexes.set(name, index);
    this.#columns = [...this.#columns, { name, type: { kind: 'any' } }];
    return index;
  }

  /** A batch of what was added since the last one, of so many rows at most. */
  take(limit = Infinity): Batch {
    const rows = limit >= this.#rows.length ? this.#rows : this.#rows.slice(0, limit);
    const width = this.#columns.length;
    for (const values of rows) {
      // A hole and a missing cell are both `undefined`, but only a cell has a place.
      for (let i = 0; i < width; i += 1) values[i] ??= values[i] === null ? null : undefined;
    }
    const batch = rowsBatch(this.schema, rows, this.#firstRow);
    this.#rows = rows === this.#rows ? [] : this.#rows.slice(limit);
    this.#firstRow += rows.length;
    return batch;
  }
}

/** Nearly all cells are text or numbers, and need no further look. */
function isMoreThanText(value: unknown): boolean {
  return typeof value !== 'string' && typeof value !== 'number';
}

import { type Batch, type Column, type Row, rowsBatch, type Schema, type Value } from '@x/formats';

import { ConvertError } from '../errors.ts';

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

  /** @param rowNumber For errors, where it is not the place among the rows that were added. */
  add(row: Row, rowNumber = this.#firstRow + this.#rows.length + 1): void {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      const place = { row: rowNumber };
      throw new ConvertError('NOT_A_ROW', `a row must be an object, not ${nameOf(row)}`, place);
    }
    const values: Value[] = [];
    for (const key of Object.keys(row)) {
      let index = this.#indexes.get(key);
      if (index === undefined) {
        if (!this.#keepsAll) continue;
        index = this.#addColumn(key);
      } else if (this.#unseen.size > 0) this.#unseen.delete(key);
      // What a format cannot hold it refuses itself, with row and column.
      values[index] = row[key] as Value;
    }
    this.#rows.push(values);
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

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

import type { ColumnData, DataType } from '@x/formats';
import { joined, sliceOf } from '@x/formats/columns';

import { corrupt } from '../errors.ts';
import { leafType } from '../schema/data-type.ts';
import type { Leaf } from '../schema/tree.ts';
import type { PageDecoder, PageValues } from './decode-page.ts';
import type { Pages } from './pages.ts';

/** Entries of a leaf: the levels of each, and the values of those that have one. */
export interface Entries {
  readonly count: number;
  readonly definitions: Uint8Array | undefined;
  readonly repetitions: Uint8Array | undefined;
  readonly data: ColumnData;
}

/** Goes through the rows of a column chunk. */
export class ColumnCursor {
  readonly #leaf: Leaf;
  readonly #pages: Pages;
  readonly #decoder: PageDecoder;
  #page: PageValues | undefined;
  /** Of the next entry in the page, and of the next value. */
  #at = 0;
  #valueAt = 0;

  constructor(leaf: Leaf, pages: Pages, decoder: PageDecoder) {
    this.#leaf = leaf;
    this.#pages = pages;
    this.#decoder = decoder;
  }

  /** Entries left in the page at hand; 0 at the end. */
  async available(): Promise<number> {
    while (this.#page === undefined || this.#at >= this.#page.count) {
      const page = await this.#pages.next();
      if (page === undefined) return 0;
      this.#page = this.#decoder.decode(page);
      this.#at = 0;
      this.#valueAt = 0;
    }
    return this.#page.count - this.#at;
  }

  /** So many values of a column at the top. */
  async take(rows: number): Promise<ColumnData> {
    const parts: ColumnData[] = [];
    const counts: number[] = [];
    for (let missing = rows; missing > 0;) {
      const count = Math.min(missing, await this.available());
      if (count === 0) throw this.#endsEarly();
      parts.push(sliceOf(this.#page!.data, this.#at, this.#at + count));
      counts.push(count);
      this.#at += count;
      missing -= count;
    }
    return joined(parts, counts, leafType(this.#leaf));
  }

  /** The entries of so many rows. */
  async takeEntries(rows: number): Promise<Entries> {
    const parts: Entries[] = [];
    // A row goes on until an entry begins the next one, which may be on another page.
    for (let begun = 0; (await this.available()) > 0;) {
      const { count, repetitions } = this.#page!;
      let end = this.#at;
      if (repetitions === undefined) {
        end = Math.min(count, this.#at + rows - begun);
        begun += end - this.#at;
        if (end === this.#at) break;
      } else {
        for (; end < count; end++) {
          if (repetitions[end] !== 0) continue;
          if (begun === rows) break;
          begun++;
        }
      }
      if (end > this.#at) parts.push(this.#entriesTo(end));
      if (end < count) break;
    }
    return joinedEntries(parts, leafType(this.#leaf));
  }

  /** @throws {FormatError} CORRUPT when there is more than the rows of the group. */
  async finish(): Promise<void> {
    if ((await this.available()) === 0) return;
    throw corrupt(`the column ${this.#leaf.path} has more values than its row group has rows`, {
      field: this.#leaf.path,
    });
  }

  #entriesTo(end: number): Entries {
    const { data, definitions, repetitions } = this.#page!;
    const from = this.#at;
    const defined = definitions?.subarray(from, end);
    let present = end - from;
    if (defined !== undefined) {
      present = 0;
      for (let i = 0; i < defined.length; i++) if (defined[i] === this.#leaf.definition) present++;
    }
    const values = sliceOf(data, this.#valueAt, this.#valueAt + present);
    this.#at = end;
    this.#valueAt += present;
    return {
      count: end - from,
      definitions: defined,
      repetitions: repetitions?.subarray(from, end),
      data: values,
    };
  }

  #endsEarly() {
    const { path } = this.#leaf;
    return corrupt(`the column ${path} has fewer values than its row group has rows`, { field: path });
  }
}

function joinedEntries(parts: readonly Entries[], type: DataType): Entries {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const levels = (of: (part: Entries) => Uint8Array | undefined): Uint8Array | undefined =>
    first === undefined || of(first) === undefined
      ? undefined
      : Uint8Array.from(Buffer.concat(parts.map((part) => of(part)!)));
  const counts = parts.map((part) => lengthOf(part.data));
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    definitions: levels(({ definitions }) => definitions),
    repetitions: levels(({ repetitions }) => repetitions),
    data: joined(
      parts.map(({ data }) => data),
      counts,
      type,
    ),
  };
}

function lengthOf(data: ColumnData): number {
  if (data.kind === 'bytes') return data.offsets.length - 1;
  return data.kind === 'dictionary' ? data.indices.length : data.values.length;
}

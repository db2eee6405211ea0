import type { Arena } from './arena.ts';

/** More kinds than there are cells may be written by the kernel. */
const kindsMargin = 64;

/** Where some cells are in an arena, and what they are: see CellsLayout. */
export class CellIndex {
  readonly #arena: Arena;
  readonly #withRecords: boolean;
  /** Place of the bounds: a word for the start and a word for the end of each cell. */
  pairsAt = 0;
  /** Place of the kinds: a byte a cell. */
  kindsAt = 0;
  /** Place of the bounds of the records, as of the cells, where those are kept. */
  recordsAt = 0;
  /** Cells, and records, that there is room for. */
  capacity = 0;
  /** Cells that there are. */
  count = 0;

  constructor(arena: Arena, withRecords = false) {
    this.#arena = arena;
    this.#withRecords = withRecords;
  }

  get room(): number {
    return this.capacity - this.count;
  }

  /** Makes room for that many cells in all, and keeps those that there are. */
  async reserve(capacity: number): Promise<void> {
    if (capacity <= this.capacity) return;
    const { pairsAt, kindsAt, recordsAt, count } = this;
    this.pairsAt = await this.#arena.allocate(capacity * 8);
    this.kindsAt = await this.#arena.allocate(capacity + kindsMargin);
    if (this.#withRecords) this.recordsAt = await this.#arena.allocate(capacity * 8);
    this.capacity = capacity;
    const { bytes } = this.#arena;
    bytes.copyWithin(this.pairsAt, pairsAt, pairsAt + count * 8);
    bytes.copyWithin(this.kindsAt, kindsAt, kindsAt + count);
    if (this.#withRecords) bytes.copyWithin(this.recordsAt, recordsAt, recordsAt + count * 8);
  }

  /** Says where record number `record` is. */
  setRecord(record: number, start: number, end: number): void {
    const { words } = this.#arena;
    words[(this.recordsAt >>> 2) + record * 2] = start;
    words[(this.recordsAt >>> 2) + record * 2 + 1] = end;
  }

  /** Adds a cell; there has to be room. */
  add(start: number, end: number, kind: number): void {
    const { bytes, words } = this.#arena;
    const word = (this.pairsAt >>> 2) + this.count * 2;
    words[word] = start;
    words[word + 1] = end;
    bytes[this.kindsAt + this.count] = kind;
    this.count++;
  }
}

import type { Column, CommonReadOptions, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { BadRow, type RowChunk, type RowSource } from './row-source.ts';

/** A record as its members, in its own order. */
export type KeyedRecord = ReadonlyMap<string, Value>;

/** Records of any keys, some at a time. */
export interface KeyedRecords {
  chunks(): AsyncIterable<readonly (KeyedRecord | BadRow)[]>;
  close(): Promise<void>;
}

export interface KeyedRowsPlan {
  readonly format: string;
  readonly scanLimit: number;
  /** What becomes of a key that none of the first `scanLimit` records has. */
  readonly onExtraKey: 'extend' | 'error' | 'drop';
  readonly onPartialRow: CommonReadOptions['onPartialRow'];
}

const any = { kind: 'any' } as const;

/** Makes columns of the keys: those of the first records, and later ones as they come. */
export class KeyedRows implements RowSource {
  readonly #records: KeyedRecords;
  readonly #plan: KeyedRowsPlan;
  readonly #numbers = new Map<string, number>();
  readonly #columns: Column[] = [];
  #chunks: AsyncIterator<readonly (KeyedRecord | BadRow)[]> | undefined;
  #scanned: (KeyedRecord | BadRow)[] = [];
  /** Number of the row that is being made, from 1. */
  #row = 0;

  constructor(records: KeyedRecords, plan: KeyedRowsPlan) {
    this.#records = records;
    this.#plan = plan;
  }

  async open(): Promise<readonly Column[]> {
    this.#chunks = this.#records.chunks()[Symbol.asyncIterator]();
    let looked = 0;
    while (looked < this.#plan.scanLimit) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      for (const record of value) {
        if (!(record instanceof BadRow) && looked++ < this.#plan.scanLimit) this.#addColumns(record);
        this.#scanned.push(record);
      }
    }
    return [...this.#columns];
  }

  async *chunks(): AsyncGenerator<RowChunk> {
    const scanned = this.#scanned;
    this.#scanned = [];
    for (let from = 0; from < scanned.length; from += 1000)
      yield* this.#rows(scanned.slice(from, from + 1000));
    for (;;) {
      const { done, value } = await this.#chunks!.next();
      if (done === true) return;
      yield* this.#rows(value);
    }
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
    await this.#records.close();
  }

  /** The rows, cut in front of each that brings columns: those before it have fewer, however the records have come. */
  *#rows(records: readonly (KeyedRecord | BadRow)[]): Generator<RowChunk> {
    let rows: (readonly Value[] | BadRow)[] = [];
    let columns: readonly Column[] | undefined;
    for (const record of records) {
      const before = this.#columns.length;
      this.#row++;
      const row = record instanceof BadRow ? record : this.#rowOf(record);
      if (this.#columns.length > before) {
        yield chunkOf(rows, columns);
        rows = [];
        columns = [...this.#columns];
      }
      rows.push(row);
    }
    yield chunkOf(rows, columns);
  }

  #rowOf(record: KeyedRecord): readonly Value[] | BadRow {
    const { format, onExtraKey, onPartialRow } = this.#plan;
    const row: Value[] = this.#columns.map(() => undefined);
    for (const [key, value] of record) {
      let number = this.#numbers.get(key);
      if (number === undefined) {
        if (onExtraKey === 'drop') {
          onPartialRow?.(this.#row, key);
          continue;
        }
        if (onExtraKey === 'error') {
          const error = new FormatError('EXTRA_KEY', `none of the first rows has ${JSON.stringify(key)}`, {
            format,
            field: key,
            hint: `look at more rows with scanLimit, or choose onExtraKey: 'extend' or 'drop'`,
          });
          return new BadRow(error, Buffer.from([...record.keys()].join(', ')));
        }
        number = this.#addColumn(key);
      }
      row[number] = value;
    }
    return row;
  }

  #addColumns(record: KeyedRecord): void {
    for (const key of record.keys()) if (!this.#numbers.has(key)) this.#addColumn(key);
  }

  #addColumn(name: string): number {
    this.#numbers.set(name, this.#columns.length);
    return this.#columns.push({ name, type: any }) - 1;
  }
}

function chunkOf(rows: RowChunk['rows'], columns: readonly Column[] | undefined): RowChunk {
  return columns === undefined ? { rows } : { rows, columns };
}

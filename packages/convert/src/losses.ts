import type { Batch, Row, Value } from '@x/formats';

import { type ConvertError, type ErrorPlace, explained } from './errors.ts';
import type { ParsedOptions } from './options.ts';
import type { Rejects } from './rejects.ts';
import type { Meter } from './result.ts';
import { exactRow } from './rows/exact-rows.ts';

/** A batch whose rows are not all those of the source: their positions there, from 1. */
export interface BatchOfSome extends Batch {
  readonly sourceRows: readonly number[];
}

/** Told of a row that a format cannot hold: its number from 1, and its cells by the columns of its batch. */
type OnUnwritable = (error: Error, rowNumber: number, values?: readonly Value[]) => void;

/** What is told while a source is read. */
export interface ReadingTold {
  /** About rows that the reader refuses; without it the first of them ends the reading. */
  readonly onBadRow: ((error: Error, record?: Uint8Array) => void) | undefined;
  readonly onPartialRow: OnPartialRow | undefined;
}

/** What is told while a destination is written. */
export interface WritingTold {
  /** Without it the first row that the format cannot hold ends the run. */
  readonly onBadRow: OnUnwritable | undefined;
  readonly onPartialRow: OnPartialRow | undefined;
}

/** Told of a row of which an option leaves a part out: its number from 1, and the column where it has a name. */
export type OnPartialRow = (rowNumber: number, column?: string) => void;

interface PartialRows {
  rows: number;
  /** The first of them. */
  readonly row: number;
  readonly column: string | undefined;
  last: number;
}

/**
 * What becomes of rows that are left out: each is counted, and kept with the reason. Of rows that are
 * left out in part, as options ask for, it is said how many they are.
 */
export class Losses {
  readonly #meter: Meter;
  readonly #rejects: Rejects;
  readonly #skips: boolean;
  readonly #places: { readonly source: ErrorPlace; readonly destination: ErrorPlace };
  readonly #partial = new Map<'read' | 'written', PartialRows>();
  /** What the destination is at. */
  #current: Batch | undefined;

  constructor(
    meter: Meter,
    rejects: Rejects,
    options: Pick<ParsedOptions, 'onError'>,
    places: { readonly source: ErrorPlace; readonly destination: ErrorPlace },
  ) {
    this.#meter = meter;
    this.#rejects = rejects;
    this.#skips = options.onError === 'skip';
    this.#places = places;
  }

  /** @param losses Asked for only when there is something to tell, as the source comes before them. */
  static whileReading(options: ParsedOptions, losses: () => Losses): ReadingTold {
    const leavesOut = [options.onError, options.onRagged, options.from['onRagged']].includes('skip');
    return {
      onBadRow: leavesOut ? (...bad) => losses().unreadable(...bad) : undefined,
      onPartialRow: (...place) => losses().partial('read', ...place),
    };
  }

  get whileWriting(): WritingTold {
    return {
      onBadRow: this.#skips ? this.#unwritable : undefined,
      onPartialRow: (row, column) => this.partial('written', sourceRowOf(this.#current!, row) ?? row, column),
    };
  }

  /** A row that could not be read. */
  unreadable(error: Error, record?: Uint8Array): void {
    // Rows of another length may be left out although others end the run.
    if (!this.#skips && (error as Partial<ConvertError>).code !== 'RAGGED_ROW') throw error;
    const told = this.#placed(error, 'source');
    this.#meter.refused(told);
    this.#rejects.add(told, record && Buffer.from(record).toString());
  }

  /** A row that was read, or written, in part. */
  partial(how: 'read' | 'written', row: number, column?: string): void {
    const known = this.#partial.get(how);
    // A part of the source may have to be read twice.
    if (known && row <= known.last) return;
    if (!known) this.#partial.set(how, { rows: 1, row, column, last: row });
    else Object.assign(known, { rows: known.rows + 1, last: row });
  }

  /** Says of how many rows a part is missing. To be called once, at the end. */
  tellPartial(): void {
    for (const [how, { rows, row, column }] of this.#partial) {
      const which = `${rows === 1 ? '1 row was' : `${rows} rows were`} ${how} in part only`;
      const first = `row ${row}${column === undefined ? '' : `, column '${column}'`}`;
      const by =
        how === 'read' && column === undefined ? "onRagged: 'truncate' cuts" : "onExtraKey: 'drop' drops";
      this.#meter.warn(`${which}: ${by} what there is no column for (the first time in ${first})`);
    }
  }

  /** A row that `process` left out. */
  dropped(): void {
    this.#meter.dropped(1);
  }

  /** A row that `process`, or the schema before it, refused. Throws if that ends the run. */
  refused(error: Error, row: Row): void {
    if (!this.#skips) throw error;
    const told = this.#placed(error, 'source');
    this.#meter.lost(told);
    this.#rejects.add(told, jsonOf(row));
  }

  /** A row that the destination cannot hold; its number among those that it was given, from 1. */
  readonly #unwritable: OnUnwritable = (error, rowNumber, values) => {
    const batch = this.#current!;
    const sourceRow = sourceRowOf(batch, rowNumber);
    const row = values && exactRow(batch.schema, values);
    const told = this.#placed(error, 'destination');
    this.#meter.unwritten(told);
    this.#rejects.add(told, jsonOf(row), sourceRow);
  };

  /** Hands the batches on, counts their rows, and knows of which of them the destination speaks. */
  async *leaving(batches: AsyncIterable<Batch>): AsyncGenerator<Batch, void> {
    for await (const batch of batches) {
      this.#current = batch;
      await this.#rejects.flush();
      yield batch;
      this.#meter.left(batch.rowCount);
    }
  }

  #placed(error: Error, where: 'source' | 'destination'): Error {
    return explained(error, this.#places[where]) as Error;
  }
}

/** @param rowNumber Among those that the destination was given, from 1. */
function sourceRowOf(batch: Batch, rowNumber: number): number | undefined {
  if (!('sourceRows' in batch)) return rowNumber;
  return (batch as BatchOfSome).sourceRows[rowNumber - 1 - batch.firstRow];
}

/** For people to read and programs to look at; what JSON has no form for is shown as Node.js would. */
function jsonOf(row: Row | undefined): string | undefined {
  if (row === undefined) return undefined;
  try {
    return JSON.stringify(row, (_key, value: unknown) => {
      if (typeof value === 'bigint') return String(value);
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    });
  } catch {
    // An import would load a dozen modules of Node.js for everybody.
    return process.getBuiltinModule('node:util').inspect(row);
  }
}

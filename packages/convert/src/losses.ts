import { inspect } from 'node:util';

import type { Batch, Row, Value } from '@x/formats';

import { type ErrorPlace, explained } from './errors.ts';
import type { ParsedOptions } from './options.ts';
import type { Rejects } from './rejects.ts';
import type { Meter } from './result.ts';
import { exactRow } from './rows/exact-rows.ts';

/** A batch whose rows are not all those of the source: their positions there, from 1. */
export interface BatchOfSome extends Batch {
  readonly sourceRows: readonly number[];
}

/** Told of a row that a format cannot hold: its number from 1, and its cells by the columns of its batch. */
export type OnUnwritable = (error: Error, rowNumber: number, values?: readonly Value[]) => void;

/** What becomes of rows that are left out: each is counted, and kept with the reason. */
export class Losses {
  readonly #meter: Meter;
  readonly #rejects: Rejects;
  readonly #skips: boolean;
  readonly #places: { readonly source: ErrorPlace; readonly destination: ErrorPlace };
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

  /** A row that could not be read. */
  unreadable(error: Error, record?: Uint8Array): void {
    const told = this.#placed(error, 'source');
    this.#meter.refused(told);
    this.#rejects.add(told, record && Buffer.from(record).toString());
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
  readonly unwritable: OnUnwritable = (error, rowNumber, values) => {
    const batch = this.#current!;
    const index = rowNumber - 1 - batch.firstRow;
    const sourceRow = 'sourceRows' in batch ? (batch as BatchOfSome).sourceRows[index] : rowNumber;
    const row = values && exactRow(batch.schema, values);
    const told = this.#placed(error, 'destination');
    this.#meter.unwritten(told);
    this.#rejects.add(told, jsonOf(row), sourceRow);
  };

  /** Hands the batches on, and knows of which of them the destination speaks. */
  async *leaving(batches: AsyncIterable<Batch>): AsyncGenerator<Batch, void> {
    for await (const batch of batches) {
      this.#current = batch;
      await this.#rejects.flush();
      yield batch;
    }
  }

  #placed(error: Error, where: 'source' | 'destination'): Error {
    return explained(error, this.#places[where]) as Error;
  }
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
    return inspect(row);
  }
}

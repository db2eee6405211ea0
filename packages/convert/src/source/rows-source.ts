import type { Batch, Reader, Row, Schema } from '@x/formats';

import { ConvertError } from '../errors.ts';
import type { ReadingTold } from '../losses.ts';
import { RowBatcher } from '../rows/row-batcher.ts';
import { Interruptible } from './interruptible.ts';
import { isBegun, usedUp } from './used-up.ts';

/** Rows that are objects already. The columns are the keys in the order in which they first appear. */
export class RowsSource implements Reader {
  readonly #rows: Interruptible<Row>;
  readonly #onBadRow: ReadingTold['onBadRow'];
  readonly #batchSize: number;
  readonly #scanLimit: number;
  readonly #batcher: RowBatcher;
  /** Whether somebody else has taken some of the rows. */
  readonly #wasBegun: boolean;
  #rowNumber = 0;
  #lookedAhead: Promise<void> | undefined;

  constructor(
    rows: AsyncIterable<Row> | Iterable<Row>,
    options: {
      readonly batchSize: number;
      readonly scanLimit: number;
      readonly columns?: readonly string[] | undefined;
      readonly onBadRow?: ReadingTold['onBadRow'];
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.#batcher = new RowBatcher(options.columns);
    this.#wasBegun = isBegun(rows);
    this.#rows = new Interruptible(rows, options.signal);
    this.#onBadRow = options.onBadRow;
    this.#batchSize = options.batchSize;
    this.#scanLimit = options.scanLimit;
  }

  async schema(): Promise<Schema> {
    await this.#lookAhead();
    return this.#batcher.schema;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void> {
    try {
      await this.#lookAhead();
      while (this.#batcher.pending > 0) {
        yield this.#batcher.take(this.#batchSize);
        await this.#gather(this.#batchSize);
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#rows.close();
  }

  /** The columns are told from so many rows, whatever the size of the batches. */
  #lookAhead(): Promise<void> {
    this.#lookedAhead ??= this.#gatherFirst();
    return this.#lookedAhead;
  }

  async #gatherFirst(): Promise<void> {
    await this.#gather(this.#scanLimit);
    if (this.#wasBegun && this.#rowNumber === 0) throw usedUp();
    const { pending, unseen } = this.#batcher;
    if (pending > 0 && unseen !== undefined) throw noSuchColumn(unseen, pending);
  }

  async #gather(rows: number): Promise<void> {
    while (this.#batcher.pending < rows) {
      const { value, done } = await this.#rows.next();
      if (done) return;
      this.#rowNumber += 1;
      try {
        this.#batcher.add(value, this.#rowNumber);
      } catch (error) {
        if (this.#onBadRow === undefined || !(error instanceof ConvertError)) throw error;
        this.#onBadRow(error);
      }
    }
  }
}

function noSuchColumn(name: string, rows: number): ConvertError {
  return new ConvertError('UNKNOWN_COLUMN', `no row has a column '${name}'`, {
    column: name,
    hint: `the first ${rows} rows were looked at (option scanLimit)`,
  });
}

import type { Batch, Reader, Row, Schema } from '@x/formats';

import { RowBatcher } from '../rows/row-batcher.ts';

/** Rows that are objects already. The columns are the keys in the order in which they first appear. */
export class RowsSource implements Reader {
  readonly #rows: AsyncIterator<Row> | Iterator<Row>;
  readonly #batchSize: number;
  readonly #scanLimit: number;
  readonly #batcher = new RowBatcher();
  #first: Promise<Batch> | undefined;

  constructor(
    rows: AsyncIterable<Row> | Iterable<Row>,
    options: { readonly batchSize: number; readonly scanLimit: number },
  ) {
    this.#rows = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
    this.#batchSize = options.batchSize;
    this.#scanLimit = options.scanLimit;
  }

  async schema(): Promise<Schema> {
    await this.#firstBatch();
    return this.#batcher.schema;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void> {
    try {
      for (
        let batch = await this.#firstBatch();
        batch.rowCount > 0;
        batch = await this.#nextBatch(this.#batchSize)
      ) {
        yield batch;
      }
    } finally {
      await this.#rows.return?.();
    }
  }

  /** Large enough to have looked at as many rows as the columns are to be told from. */
  #firstBatch(): Promise<Batch> {
    this.#first ??= this.#nextBatch(Math.max(this.#batchSize, this.#scanLimit));
    return this.#first;
  }

  async #nextBatch(size: number): Promise<Batch> {
    while (this.#batcher.pending < size) {
      const { value, done } = await this.#rows.next();
      if (done) break;
      this.#batcher.add(value);
    }
    return this.#batcher.take();
  }
}

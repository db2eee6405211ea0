import type { Batch, Reader, Schema } from '@x/formats';

import { Interruptible } from './interruptible.ts';

/** A `RowReader`, or who has the same batches. */
interface ReadingBatches {
  readonly schema: Schema;
  batches(): AsyncIterable<Batch>;
}

export function hasBatches(source: object): source is ReadingBatches {
  const { batches, schema } = source as Partial<ReadingBatches>;
  return typeof batches === 'function' && Array.isArray(schema?.columns);
}

/**
 * The batches of a `RowReader`. As objects its rows would lose the place of columns such as `2024`, how
 * numbers are spelled, and, where there are none, the columns.
 */
export class ReaderSource implements Reader {
  readonly #schema: Schema;
  readonly #batches: Interruptible<Batch>;

  constructor(source: ReadingBatches, signal: AbortSignal | undefined) {
    this.#schema = source.schema;
    this.#batches = new Interruptible(source.batches(), signal);
  }

  schema(): Promise<Schema> {
    return Promise.resolve(this.#schema);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void> {
    try {
      for (let next = await this.#batches.next(); !next.done; next = await this.#batches.next())
        yield next.value;
    } finally {
      await this.close();
    }
  }

  close(): Promise<void> {
    return this.#batches.close();
  }
}

import { type Batch, type Row, rowObjects } from '@x/formats';

import type { Destination } from './destination.ts';

/** Hands each row as an object to somebody, who may take their time. */
export class RowsDestination implements Destination {
  readonly atomic = false;
  readonly bytesWritten = 0;
  readonly #take: (row: Row) => void | Promise<void>;

  constructor(take: (row: Row) => void | Promise<void>) {
    this.#take = take;
  }

  async receive(batches: AsyncIterable<Batch>): Promise<void> {
    for await (const batch of batches) {
      for (const row of rowObjects(batch)) {
        const taken = this.#take(row);
        if (taken) await taken;
      }
    }
  }

  async commit(): Promise<void> {}

  async discard(): Promise<void> {}
}

/** Counts only. */
export class NoDestination implements Destination {
  readonly atomic = false;
  readonly bytesWritten = 0;

  async receive(batches: AsyncIterable<Batch>): Promise<void> {
    const iterator = batches[Symbol.asyncIterator]();
    while (!(await iterator.next()).done);
  }

  async commit(): Promise<void> {}

  async discard(): Promise<void> {}
}

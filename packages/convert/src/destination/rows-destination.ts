import { type Batch, type Row, rowObjects } from '@x/formats';

import { UnlessAborted } from '../unless-aborted.ts';
import type { Destination } from './destination.ts';

/** Hands each row as an object to somebody, who may take their time. */
export class RowsDestination implements Destination {
  readonly atomic = false;
  readonly bytesWritten = 0;
  readonly #take: (row: Row) => void | Promise<void>;
  readonly #signal: AbortSignal | undefined;

  constructor(take: (row: Row) => void | Promise<void>, signal: AbortSignal | undefined) {
    this.#take = take;
    this.#signal = signal;
  }

  async receive(batches: AsyncIterable<Batch>): Promise<void> {
    const unlessAborted = new UnlessAborted(this.#signal);
    try {
      for await (const batch of batches) {
        for (const row of rowObjects(batch)) {
          const taken = this.#take(row);
          if (taken) await unlessAborted.wait(taken);
        }
      }
    } finally {
      unlessAborted.close();
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

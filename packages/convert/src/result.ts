import type { Batch } from '@x/formats';

export interface ConversionResult {
  /** `rowsRead === rowsWritten + rowsSkipped + rowsDropped`, always. */
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly rowsSkipped: number;
  readonly rowsDropped: number;
  /** Bytes taken from the source, compressed as they are there. */
  readonly bytesRead: number;
  /** Bytes that the destination holds. */
  readonly bytesWritten: number;
  readonly elapsedMs: number;
  /** Whether the destination was replaced in one step. */
  readonly atomic: boolean;
  readonly warnings: readonly string[];
  readonly errors: readonly Error[];
}

/** Counts what goes through a run. */
export class Meter {
  readonly #source: { readonly bytesRead: number };
  readonly #startedAt = performance.now();
  #rowsRead = 0;
  #bytesWritten = 0;

  constructor(source: { readonly bytesRead: number }) {
    this.#source = source;
  }

  counted(batch: Batch): Batch {
    this.#rowsRead += batch.rowCount;
    return batch;
  }

  async *written(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of chunks) {
      this.#bytesWritten += chunk.length;
      yield chunk;
    }
  }

  result(atomic: boolean): ConversionResult {
    return {
      rowsRead: this.#rowsRead,
      rowsWritten: this.#rowsRead,
      rowsSkipped: 0,
      rowsDropped: 0,
      bytesRead: this.#source.bytesRead,
      bytesWritten: this.#bytesWritten,
      elapsedMs: performance.now() - this.#startedAt,
      atomic,
      warnings: [],
      errors: [],
    };
  }
}

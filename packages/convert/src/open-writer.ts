import type { Batch, Row } from '@x/formats';

import type { Destination } from './destination/destination.ts';
import { type DestinationLike, openDestination } from './destination/open-destination.ts';
import { ConvertError, explained } from './errors.ts';
import { Handover } from './handover.ts';
import type { ConvertOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { RowBatcher } from './rows/row-batcher.ts';
import { filePath } from './source/path-of.ts';

/** Rows a batch at most. */
const defaultBatchSize = 1000;

/**
 * Takes rows one by one. A file is not touched before its first batch, and an atomic one not
 * before `commit()`.
 */
export class RowWriter {
  readonly #destination: Destination;
  readonly #batchSize: number;
  readonly #path: string | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #batcher = new RowBatcher();
  readonly #handover = new Handover<Batch>();
  /** Settles when the destination has taken everything, or failed. */
  #received: Promise<void> | undefined;
  /** Settles when every batch so far has been taken. */
  #flushed: Promise<void> = Promise.resolve();
  #state: 'open' | 'committed' | 'discarded' = 'open';
  #rowsWritten = 0;

  /** For `openWriter()`. */
  constructor(
    destination: Destination,
    settings: {
      readonly path: string | undefined;
      readonly batchSize: number;
      readonly signal: AbortSignal | undefined;
    },
  ) {
    this.#destination = destination;
    this.#path = settings.path;
    this.#batchSize = settings.batchSize;
    this.#signal = settings.signal;
  }

  /** Rows taken so far. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Resolves when there is room for more. */
  async write(row: Row): Promise<void> {
    this.#refuseClosed();
    try {
      this.#signal?.throwIfAborted();
      this.#batcher.add(row);
      this.#rowsWritten += 1;
      if (this.#batcher.pending < this.#batchSize) return;
      await this.#flush();
    } catch (error) {
      await this.discard();
      throw explained(error, { path: this.#path }, this.#signal);
    }
  }

  async writeAll(rows: Iterable<Row> | AsyncIterable<Row>): Promise<void> {
    for await (const row of rows) await this.write(row);
  }

  /** Ends the output and publishes it. Does nothing if that is done already. */
  async commit(): Promise<void> {
    if (this.#state === 'committed') return;
    this.#refuseClosed();
    try {
      this.#signal?.throwIfAborted();
      if (this.#batcher.pending > 0) await this.#flush();
      await this.#flushed;
      const received = this.#start();
      this.#handover.end();
      await received;
      await this.#destination.commit();
      this.#state = 'committed';
    } catch (error) {
      await this.discard();
      throw explained(error, { path: this.#path }, this.#signal);
    }
  }

  /** The same as {@link commit}. */
  close(): Promise<void> {
    return this.commit();
  }

  /** Gives up: an atomic destination stays as it was. Does nothing after a commit. */
  async discard(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'discarded';
    const reason = new ConvertError('DISCARDED', 'the writer was discarded', { path: this.#path });
    this.#handover.end({ error: reason });
    // It ends with the reason just given, or has failed with one that a write has thrown.
    await this.#received?.catch(() => undefined);
    await this.#destination.discard(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }

  /** The destination begins with the first batch, and is told of the end by the handover. */
  #start(): Promise<void> {
    if (!this.#received) {
      this.#received = this.#destination.receive(this.#handover, async () => this.#batcher.schema);
      // Its failure is thrown by the next write or the commit; until then nobody waits for it.
      this.#received.catch(() => undefined);
    }
    return this.#received;
  }

  /** One batch after the other, also where somebody does not wait for their writes. */
  #flush(): Promise<void> {
    const batch = this.#batcher.take();
    const before = this.#flushed;
    this.#flushed = (async () => {
      await before;
      const received = this.#start();
      try {
        // A destination that fails at once never asks for the batch.
        await Promise.race([this.#handover.push(batch), received]);
      } catch {
        await received;
      }
    })();
    this.#flushed.catch(() => undefined);
    return this.#flushed;
  }

  #refuseClosed(): void {
    if (this.#state === 'open') return;
    throw new ConvertError('CLOSED', `the writer is already ${this.#state}`, { path: this.#path });
  }
}

/**
 * Opens a destination to write rows to, one by one. Without `commit()` nothing atomic is published.
 *
 * @throws {ConvertError} with a code, a place and a hint.
 */
export async function openWriter(
  destination: DestinationLike,
  options: ConvertOptions = {},
): Promise<RowWriter> {
  const parsed = parseOptions(options);
  const opened = await openDestination(destination, undefined, parsed);
  const { signal, batchSize = defaultBatchSize } = parsed;
  return new RowWriter(opened, { path: filePath(destination), batchSize, signal });
}

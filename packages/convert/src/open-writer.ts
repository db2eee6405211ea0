import type { Batch, Reader } from '@x/formats';

import type { Destination } from './destination/destination.ts';
import { type DestinationLike, openDestination, refuseNothing } from './destination/open-destination.ts';
import { ConvertError, explained } from './errors.ts';
import { Handover } from './handover.ts';
import { Losses } from './losses.ts';
import type { ConvertOptions, ParsedOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { Rejects } from './rejects.ts';
import { type ConversionResult, Meter } from './result.ts';
import { RowBatcher } from './rows/row-batcher.ts';
import type { RowLike, RowsLike } from './source/open-source.ts';
import { filePath } from './source/path-of.ts';
import { transformed } from './transform/transform.ts';

/** Rows a batch at most. */
const defaultBatchSize = 1000;

/**
 * Takes rows one by one. A file is not touched before its first batch, and an atomic one not
 * before `commit()`.
 */
export class RowWriter {
  readonly #destination: Destination;
  readonly #batchSize: number;
  /** Rows of the first batch, whose columns are those of a flat file. */
  readonly #firstRows: number;
  readonly #path: string | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #batcher: RowBatcher;
  readonly #handover = new Handover<Batch>();
  readonly #rows: Reader;
  readonly #meter: Meter;
  readonly #losses: Losses;
  readonly #rejects: Rejects;
  /** Settles when the destination has taken everything, or failed. */
  #received: Promise<void> | undefined;
  /** Settles when every batch so far has been taken. */
  #flushed: Promise<void> = Promise.resolve();
  #state: 'open' | 'committed' | 'discarded' = 'open';
  #result: ConversionResult | undefined;
  #rowsTaken = 0;

  /** For `openWriter()`. */
  constructor(
    destination: Destination,
    parts: {
      readonly path: string | undefined;
      readonly batchSize: number;
      readonly firstRows: number;
      readonly meter: Meter;
      readonly losses: Losses;
      readonly rejects: Rejects;
      readonly options: ParsedOptions;
    },
  ) {
    const { path, batchSize, firstRows, meter, losses, rejects, options } = parts;
    this.#destination = destination;
    this.#path = path;
    this.#batchSize = batchSize;
    this.#meter = meter;
    this.#losses = losses;
    this.#rejects = rejects;
    this.#signal = options.signal;
    this.#batcher = new RowBatcher(options.columns);
    this.#firstRows = firstRows;
    const batches: Reader = {
      schema: async () => this.#batcher.schema,
      [Symbol.asyncIterator]: () => this.#handover[Symbol.asyncIterator](),
    };
    this.#rows = transformed(meter.arriving(batches), options);
  }

  /** Rows taken so far, without those that were found to be left out. */
  get rowsWritten(): number {
    return this.#rowsTaken - this.#meter.progress().rowsSkipped;
  }

  /** Resolves when there is room for more. */
  async write(row: RowLike): Promise<void> {
    this.#refuseClosed();
    try {
      this.#signal?.throwIfAborted();
      this.#batcher.add(row);
      this.#rowsTaken += 1;
      if (this.#batcher.pending < (this.#received ? this.#batchSize : this.#firstRows)) return;
      await this.#flush();
    } catch (error) {
      await this.discard();
      throw explained(error, { path: this.#path }, this.#signal);
    }
  }

  async writeAll(rows: RowsLike): Promise<void> {
    for await (const row of rows) await this.write(row);
  }

  /** Ends the output and publishes it. Where that is done already, it only gives the result again. */
  async commit(): Promise<ConversionResult> {
    if (this.#result) return this.#result;
    this.#refuseClosed();
    try {
      this.#signal?.throwIfAborted();
      if (this.#batcher.pending > 0) await this.#flush();
      await this.#flushed;
      const received = this.#start();
      this.#handover.end();
      await received;
      this.#losses.tellPartial();
      this.#meter.balance();
      await this.#rejects.commit();
      await this.#destination.commit();
      this.#state = 'committed';
      this.#result = this.#meter.result(this.#destination);
      return this.#result;
    } catch (error) {
      await this.discard();
      throw explained(error, { path: this.#path }, this.#signal);
    }
  }

  /** The same as {@link commit}. */
  close(): Promise<ConversionResult> {
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
    await this.#rejects.discard();
    await this.#destination.discard(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }

  /** The destination begins with the first batch, and is told of the end by the handover. */
  #start(): Promise<void> {
    if (!this.#received) {
      const batches = this.#losses.leaving(this.#rows);
      this.#received = this.#destination.receive(batches, () => this.#rows.schema());
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
  refuseNothing(destination);
  const path = filePath(destination);
  const rejects = await Rejects.open(parsed.rejects, { destination }, parsed.signal);
  const meter = new Meter({ bytesRead: 0, size: undefined }, parsed);
  const losses = new Losses(meter, rejects, parsed, { source: {}, destination: { path } });
  try {
    const opened = await openDestination(destination, undefined, parsed, losses.whileWriting);
    const batchSize = parsed.batchSize ?? defaultBatchSize;
    // Without being asked to, it does not wait for more rows than make a batch.
    const firstRows = options.scanLimit ?? Math.min(batchSize, parsed.scanLimit);
    const parts = { path, batchSize, firstRows, meter, losses, rejects, options: parsed };
    return new RowWriter(opened, parts);
  } catch (error) {
    await rejects.discard();
    throw explained(error, { path }, parsed.signal);
  }
}

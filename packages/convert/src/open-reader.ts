import { type Batch, type Row, rowObjects, type Schema } from '@x/formats';

import { oneColumnWarning } from './detect/one-column.ts';
import type { Detection } from './detect/tell-side.ts';
import { ConvertError, explained } from './errors.ts';
import { Losses } from './losses.ts';
import type { ConvertOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { Rejects } from './rejects.ts';
import { Meter } from './result.ts';
import { openSource, type OpenSource, type Source } from './source/open-source.ts';
import { transformed } from './transform/transform.ts';

/** The rows of a source, to be read once: as objects, or by batches. */
export class RowReader implements AsyncIterable<Row> {
  /** The columns that are known before the first row is read. */
  readonly schema: Schema;
  readonly #source: OpenSource;
  readonly #batches: AsyncIterable<Batch>;
  readonly #meter: Meter;
  readonly #losses: Losses;
  readonly #rejects: Rejects;
  readonly #signal: AbortSignal | undefined;
  #isClosed = false;

  /** For `openReader()`. */
  constructor(
    schema: Schema,
    parts: {
      readonly source: OpenSource;
      readonly batches: AsyncIterable<Batch>;
      readonly meter: Meter;
      readonly losses: Losses;
      readonly rejects: Rejects;
      readonly signal: AbortSignal | undefined;
    },
  ) {
    this.schema = schema;
    this.#source = parts.source;
    this.#batches = parts.batches;
    this.#meter = parts.meter;
    this.#losses = parts.losses;
    this.#rejects = parts.rejects;
    this.#signal = parts.signal;
  }

  /** The file that is read; undefined where the source is none. */
  get path(): string | undefined {
    return this.#source.path;
  }

  /** Name of the format; undefined where the source was rows already. */
  get format(): string | undefined {
    return this.detection?.format;
  }

  /** What the bytes of the source are, and how that was told; undefined where it was rows already. */
  get detection(): Detection | undefined {
    return this.#source.detection;
  }

  /** Bytes taken from the source so far. */
  get bytesRead(): number {
    return this.#source.bytesRead;
  }

  /** Rows left out so far because something was wrong with them; only with `onError: 'skip'`. */
  get rowsSkipped(): number {
    return this.#meter.progress().rowsSkipped;
  }

  /** Why they were: the first hundred reasons. */
  get errors(): readonly Error[] {
    return this.#meter.errors;
  }

  /** What did not stop the reading, such as an `onProgress` that threw. */
  get warnings(): readonly string[] {
    return this.#meter.warnings;
  }

  /** Each row is an object of its own. Leaving the loop early closes the source. */
  [Symbol.asyncIterator](): AsyncGenerator<Row, void> {
    return this.#closedBy(this.#rows());
  }

  async *#rows(): AsyncGenerator<Row, void> {
    for await (const batch of this.batches()) {
      for (const row of rowObjects(batch)) {
        this.#signal?.throwIfAborted();
        yield row;
      }
    }
  }

  /** A batch is valid until the next one is asked for. Leaving the loop early closes the source. */
  batches(): AsyncGenerator<Batch, void> {
    return this.#closedBy(this.#openBatches());
  }

  async *#openBatches(): AsyncGenerator<Batch, void> {
    try {
      this.#refuseClosed();
      for await (const batch of this.#batches) {
        this.#signal?.throwIfAborted();
        await this.#rejects.flush();
        yield batch;
        this.#refuseClosed();
      }
      await this.#rejects.commit();
      this.#losses.tellPartial();
      this.#meter.finish();
    } catch (error) {
      throw explained(error, { path: this.#source.path, format: this.format }, this.#signal);
    } finally {
      await this.close();
    }
  }

  /** A generator that is ended before it was asked for anything runs no `finally`. */
  #closedBy<T>(items: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
    const end = items.return.bind(items);
    items.return = async (value) => {
      const ended = await end(value);
      await this.close();
      return ended;
    };
    return items;
  }

  /** Closes the source. Does nothing where that is done already. Rejects are published at the end of all rows only. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#rejects.discard();
    await this.#source.close();
  }

  #refuseClosed(): void {
    if (!this.#isClosed) return;
    throw new ConvertError('CLOSED', 'the reader is already closed', { path: this.#source.path });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Rows a batch at most. */
const defaultBatchSize = 1000;

/**
 * Opens a source to read its rows.
 *
 * @throws {ConvertError} with a code, a place and a hint, here or while the rows are read.
 */
export async function openReader(source: Source, options: ConvertOptions = {}): Promise<RowReader> {
  const parsed = parseOptions(options);
  const { signal } = parsed;
  let [opened, rejects, losses]: [OpenSource?, Rejects?, Losses?] = [];
  try {
    signal?.throwIfAborted();
    const reading = { ...parsed, batchSize: parsed.batchSize ?? defaultBatchSize };
    opened = await openSource(
      source,
      reading,
      Losses.whileReading(parsed, () => losses!),
    );
    rejects = await Rejects.open(parsed.rejects, { source }, signal);
    const meter = new Meter(opened, parsed);
    const place = { path: opened.path, format: opened.detection?.format };
    losses = new Losses(meter, rejects, parsed, { source: place, destination: {} });
    const batches = transformed(meter.arriving(opened.reader), parsed);
    const schema = await batches.schema();
    meter.warn(oneColumnWarning(opened.detection, await opened.reader.schema()));
    return new RowReader(schema, { source: opened, batches, meter, losses, rejects, signal });
  } catch (error) {
    await rejects?.discard();
    await opened?.close();
    throw explained(error, { path: opened?.path, format: opened?.detection?.format }, signal);
  }
}

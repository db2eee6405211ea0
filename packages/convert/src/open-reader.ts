import type { Batch, Row, Schema } from '@x/formats';

import type { Detection } from './detect/tell-side.ts';
import { explained } from './errors.ts';
import type { ConvertOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { rowObjects } from './rows/row-objects.ts';
import { openSource, type OpenSource, type Source } from './source/open-source.ts';
import { transformed } from './transform/transform.ts';

/** The rows of a source, to be read once: as objects, or by batches. */
export class RowReader implements AsyncIterable<Row> {
  /** The columns that are known before the first row is read. */
  readonly schema: Schema;
  readonly #source: OpenSource;
  readonly #batches: AsyncIterable<Batch>;
  readonly #signal: AbortSignal | undefined;

  /** For `openReader()`. */
  constructor(
    source: OpenSource,
    schema: Schema,
    batches: AsyncIterable<Batch>,
    signal: AbortSignal | undefined,
  ) {
    this.schema = schema;
    this.#source = source;
    this.#batches = batches;
    this.#signal = signal;
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

  /** Each row is an object of its own. Leaving the loop early closes the source. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void> {
    for await (const batch of this.batches()) {
      for (const row of rowObjects(batch)) {
        this.#signal?.throwIfAborted();
        yield row;
      }
    }
  }

  /** A batch is valid until the next one is asked for. Leaving the loop early closes the source. */
  async *batches(): AsyncGenerator<Batch, void> {
    try {
      for await (const batch of this.#batches) {
        this.#signal?.throwIfAborted();
        yield batch;
      }
    } catch (error) {
      throw explained(error, { path: this.#source.path, format: this.format }, this.#signal);
    } finally {
      await this.close();
    }
  }

  /** Closes the source. Does nothing where that is done already. */
  async close(): Promise<void> {
    await this.#source.close();
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
  const opened = await openSource(source, { ...parsed, batchSize: parsed.batchSize ?? defaultBatchSize });
  try {
    const reader = transformed(opened.reader, parsed);
    return new RowReader(opened, await reader.schema(), reader, parsed.signal);
  } catch (error) {
    await opened.close();
    throw explained(error, { path: opened.path, format: opened.detection?.format }, parsed.signal);
  }
}

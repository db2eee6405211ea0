import type { Batch, Reader, Schema } from '@x/formats';

import type { ParsedOptions } from '../options.ts';
import { flattened, unflattened } from './nesting.ts';
import { renamed, renamedWithoutRows } from './rename.ts';

/** The changes of shape that the options ask for, in the order: flatten, unflatten, rename. */
export function transformed(
  reader: Reader,
  {
    flatten,
    unflatten,
    rename,
    scanLimit,
  }: Pick<ParsedOptions, 'flatten' | 'unflatten' | 'rename' | 'scanLimit'>,
): Reader {
  const isRenamed = Object.keys(rename).length > 0;
  if (!flatten && !unflatten && !isRenamed) return reader;
  let batches: AsyncIterable<Batch> = reader;
  if (flatten) batches = flattened(batches, scanLimit);
  if (unflatten) batches = unflattened(batches, scanLimit);
  if (isRenamed) batches = renamed(batches, rename);
  return new TransformedReader(batches, async () => renamedWithoutRows(await reader.schema(), rename));
}

/** Batches whose columns only they themselves tell, unless there are none. */
class TransformedReader implements Reader {
  readonly #batches: AsyncIterator<Batch>;
  readonly #schemaWithoutRows: () => Promise<Schema>;
  #schema: Schema | undefined;
  #first: Promise<IteratorResult<Batch>> | undefined;

  constructor(batches: AsyncIterable<Batch>, schemaWithoutRows: () => Promise<Schema>) {
    this.#batches = batches[Symbol.asyncIterator]();
    this.#schemaWithoutRows = schemaWithoutRows;
  }

  async schema(): Promise<Schema> {
    await this.#firstBatch();
    return this.#schema ?? this.#schemaWithoutRows();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void> {
    try {
      for (let next = await this.#firstBatch(); !next.done; next = await this.#nextBatch()) yield next.value;
    } finally {
      await this.#batches.return?.();
    }
  }

  #firstBatch(): Promise<IteratorResult<Batch>> {
    this.#first ??= this.#nextBatch();
    return this.#first;
  }

  async #nextBatch(): Promise<IteratorResult<Batch>> {
    const next = await this.#batches.next();
    if (!next.done) this.#schema = next.value.schema;
    return next;
  }
}

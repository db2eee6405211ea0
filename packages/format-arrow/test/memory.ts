import { type Batch, type Column, rowsBatch, type Schema, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { arrow, arrowStream, type ArrowReadOptions, type ArrowWriteOptions } from '@x/format-arrow';

/** What is written of some rows. */
export async function written(
  schema: Schema,
  rows: readonly (readonly Value[])[],
  options: ArrowWriteOptions & { readonly container?: 'file' | 'stream' } = {},
): Promise<Uint8Array> {
  const { container, ...own } = options;
  const sink = new MemorySink();
  const writer = (container === 'stream' ? arrowStream() : arrow()).createWriter(sink, own);
  await writer.write(rowsBatch(schema, rows, 0));
  await writer.finish();
  return sink.bytes;
}

/** The rows of a file or a stream. */
export async function rowsOf(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  options?: ArrowReadOptions,
): Promise<{
  readonly columns: readonly Column[];
  readonly rows: (readonly Value[])[];
  readonly batches: Batch[];
}> {
  const source = bytes instanceof Uint8Array ? new MemorySource(bytes) : bytes;
  const reader = arrow().createReader(source, options);
  const { columns } = await reader.schema();
  const rows: (readonly Value[])[] = [];
  const batches: Batch[] = [];
  for await (const batch of reader) {
    batches.push(batch);
    rows.push(...batch.rows());
  }
  return { columns, rows, batches };
}

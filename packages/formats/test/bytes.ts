import type { Batch, ByteSink, Format, Reader, Schema, Value } from '@x/formats';

/** The text as UTF-8, in chunks of `size` bytes, each in the same buffer as the one before. */
export async function* chunked(text: string | Uint8Array, size = Number.MAX_SAFE_INTEGER) {
  const bytes = Buffer.from(text);
  const buffer = new Uint8Array(Math.min(size, bytes.length));
  for (let start = 0; start < bytes.length; start += size) {
    const part = bytes.subarray(start, start + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
    buffer.fill(0x2a);
  }
}

export async function rowsOf(reader: Reader): Promise<Value[][]> {
  const rows: Value[][] = [];
  for await (const batch of reader) for (const row of batch.rows()) rows.push([...row]);
  return rows;
}

export async function columnsOf(reader: Reader): Promise<string[]> {
  const schema = await reader.schema();
  return schema.columns.map((column) => column.name);
}

/** A sink that keeps a copy of what it is given. */
export class MemorySink implements ByteSink {
  readonly #chunks: Buffer[] = [];

  write(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk));
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

export async function written<Write>(
  format: Format<never, Write>,
  batches: readonly Batch[],
  options?: Write,
  finalSchema?: Schema,
): Promise<string> {
  const sink = new MemorySink();
  const writer = format.createWriter(sink, options);
  for (const batch of batches) await writer.write(batch);
  await writer.finish(finalSchema);
  return sink.text;
}

export function schemaOf(...names: string[]): Schema {
  return { columns: names.map((name) => ({ name, type: { kind: 'any' } })) };
}

/** All that a reader gives, in another format. */
export async function through<Write>(
  reader: Reader,
  format: Format<never, Write>,
  options?: Write,
): Promise<string> {
  const sink = new MemorySink();
  const writer = format.createWriter(sink, options);
  for await (const batch of reader) await writer.write(batch);
  await writer.finish(await reader.schema());
  return sink.text;
}

import type { Batch, ByteSink, Reader, Schema, Value } from '../contract.ts';
import type { AnyFormat } from '../formats.ts';
import { MemorySink } from './memory-sink.ts';
import { MemorySource } from './memory-source.ts';
import type { SampleName } from './samples.ts';

/** What a fate gives for a value that is refused. */
export const refusal = Symbol('refused');

/** What becomes of values: they are refused as UNREPRESENTABLE, or come back as something else; or it depends. */
export type Fate = 'refused' | ((value: Value) => Value | typeof refusal);

/** A format, and what is to be said of it before it can be held to the contract. */
export interface FormatSubject {
  readonly format: AnyFormat;
  /** The read options with which a table of that schema, or sample, comes back as it was written. Default none. */
  readonly readOptions?: (schema: Schema, sample?: SampleName) => object;
  /** The write options for that. Default none. */
  readonly writeOptions?: object;
  /** What becomes of the values of a sample. Default: they come back as they were. */
  readonly values?: Readonly<Partial<Record<SampleName, Fate>>>;
  /** Names of columns that the format refuses. Default none. */
  readonly refusedNames?: readonly string[];
  /** Whether null is left out, so that a column of nothing else is not there again. Default false. */
  readonly leavesNullOut?: boolean;
  /** Whether a table without rows has its columns again. */
  readonly keepsColumnsOfNoRows: boolean;
  /**
   * What a file is that has been cut off. `refused`: no file. `whole rows`: its rows, but for one that
   * is not whole, which is refused. `last row`: its rows, but the last may be another.
   */
  readonly cut: 'refused' | 'whole rows' | 'last row';
  /** What a column is that only a later batch has. `refused`: EXTRA_KEY, where it has a value. */
  readonly lateColumns: 'kept' | 'refused';
  /** Whether an engine needs all of the bytes before the first row. Default false. */
  readonly readsAll?: boolean;
  /** Whether names that differ by case alone are one. Default false. */
  readonly ignoresCase?: boolean;
  /** Files, good and bad, in which it matters where a chunk ends: within quotes, line ends, characters. Default none. */
  readonly oddFiles?: readonly (string | Uint8Array)[];
  /** A file with rows that cannot be read, where there can be such rows. */
  readonly badRows?: {
    readonly file: Uint8Array;
    /** The rows that can. */
    readonly good: readonly (readonly Value[])[];
    /** The numbers of those that cannot, from 1. */
    readonly bad: readonly number[];
  };
}

export interface Table {
  readonly schema: Schema;
  readonly rows: readonly (readonly Value[])[];
}

/** What has been read. */
export interface TableRead {
  readonly schema: Schema;
  readonly batches: readonly { readonly firstRow: number; readonly rowCount: number }[];
  readonly rows: readonly (readonly Value[])[];
}

export async function written(
  { format, writeOptions }: FormatSubject,
  batches: readonly Batch[],
  finalSchema?: Schema,
  options: object = {},
): Promise<Uint8Array> {
  const sink = new MemorySink();
  await writeTo(sink, format, { ...writeOptions, ...options }, batches, finalSchema);
  return sink.bytes;
}

export async function writeTo(
  sink: ByteSink,
  format: AnyFormat,
  options: object | undefined,
  batches: readonly Batch[],
  finalSchema?: Schema,
): Promise<void> {
  const writer = format.createWriter(sink, options);
  for (const batch of batches) await writer.write(batch);
  await writer.finish(finalSchema);
}

/** The options for a file of that schema, and more of them. */
export function reading({ readOptions }: FormatSubject, schema: Schema, more: object = {}): object {
  return { ...readOptions?.(schema), ...more };
}

export async function read(
  { format }: FormatSubject,
  bytes: Uint8Array | MemorySource,
  options?: object,
): Promise<TableRead> {
  const source = bytes instanceof MemorySource ? bytes : new MemorySource(bytes);
  return all(format.createReader(source, options));
}

export async function all(reader: Reader): Promise<TableRead> {
  const batches: { firstRow: number; rowCount: number }[] = [];
  const rows: Value[][] = [];
  for await (const batch of reader) {
    batches.push({ firstRow: batch.firstRow, rowCount: batch.rowCount });
    for (const row of batch.rows()) rows.push([...row]);
  }
  return { schema: await reader.schema(), batches, rows };
}

export function namesOf({ columns }: Schema): string[] {
  return columns.map(({ name }) => name);
}

/** What went wrong, or undefined when nothing did. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

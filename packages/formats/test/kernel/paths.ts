import type { CsvReadOptions } from '../../src/csv/options.ts';
import { planCsvRead } from '../../src/csv/read-plan.ts';
import { DelimitedReader } from '../../src/csv/reader.ts';
import type { JsonReadOptions } from '../../src/json/options.ts';
import { planJsonRead } from '../../src/json/read-plan.ts';
import { JsonReader } from '../../src/json/reader.ts';
import {
  type Batch,
  csv,
  type CsvWriteOptions,
  FormatError,
  json,
  jsonl,
  type Reader,
  rowsBatch,
  type Value,
  type Writer,
} from '../../src/index.ts';
import { Arena, type ArenaSizes } from '../../src/kernel/arena.ts';
import { MemorySink } from '../bytes.ts';

/** A source of chunks that end at the given places, each in the same buffer as the one before. */
export async function* cutAt(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(bytes.length);
  const cuts = [...new Set(places.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    const part = buffer.subarray(0, end - start);
    part.set(bytes.subarray(start, end));
    yield part;
    part.fill(0x22);
    start = end;
  }
}

export interface ReadBy {
  readonly kernel: boolean;
  readonly cuts: readonly number[];
  /** How much is held at first. */
  readonly sizes?: ArenaSizes | undefined;
}

export function csvReader(bytes: Uint8Array, options: CsvReadOptions, by: ReadBy): Reader {
  const plan = planCsvRead('csv', ',', options);
  return new DelimitedReader(cutAt(bytes, by.cuts), plan, options, new Arena(by.kernel, by.sizes));
}

export function jsonReader(
  bytes: Uint8Array,
  sequence: 'lines' | 'items',
  options: JsonReadOptions,
  by: ReadBy,
): Reader {
  const plan = planJsonRead(sequence === 'lines' ? 'jsonl' : 'json', sequence, options);
  return new JsonReader(cutAt(bytes, by.cuts), plan, options, new Arena(by.kernel, by.sizes));
}

/** All that a reader gives: schemas and rows, what it tells of rows that it leaves out, and the error that ends it. */
export async function outcome<Options extends object>(
  readerOf: (options: Options, by: ReadBy) => Reader,
  options: Options & { readonly leavesOut?: boolean },
  by: ReadBy,
): Promise<unknown> {
  const badRows: unknown[] = [];
  // The same row may be told of again.
  const partialRows = new Set<string>();
  const { leavesOut = false, ...own } = options;
  const reader = readerOf(
    {
      ...(own as Options),
      ...(leavesOut && {
        onBadRow: (error: unknown, record: Uint8Array) =>
          badRows.push([place(error), Buffer.from(record).toString('latin1')]),
        onPartialRow: (row: number, column?: string) => partialRows.add(`${row} ${column}`),
      }),
    },
    by,
  );
  const rows: { firstRow: number; columns: unknown; values: readonly Value[] }[] = [];
  try {
    for await (const batch of reader) {
      let row = batch.firstRow;
      for (const values of batch.rows()) {
        rows.push({ firstRow: row++, columns: batch.schema.columns, values });
      }
    }
    return { rows, badRows, partialRows, schema: await reader.schema() };
  } catch (error) {
    return { rows, badRows, partialRows, error: place(error) };
  }
}

function place(error: unknown): unknown {
  if (!(error instanceof FormatError)) throw error;
  const { code, message, line, column, byteOffset, row, field } = error;
  return { code, message, line, column, byteOffset, row, field };
}

/** What a writer makes of the batches, or the error that ends it. */
export async function writtenBy(
  reader: Reader,
  format: 'jsonl' | 'json' | CsvWriteOptions,
  through: keyof typeof ways,
): Promise<unknown> {
  const sink = new MemorySink();
  const writers = { jsonl: () => jsonl().createWriter(sink), json: () => json().createWriter(sink) };
  const writer: Writer = typeof format === 'string' ? writers[format]() : csv().createWriter(sink, format);
  try {
    for await (const batch of reader) await writer.write(ways[through](batch));
    await writer.finish(await reader.schema());
    return sink.text;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    // How much of what is in front of it has been written by then is nobody's promise, and values do
    // not know where in the source they were.
    return { code: error.code, problem: error.problem, row: error.row, field: error.field };
  }
}

const ways = {
  asItIs: (batch: Batch) => batch,
  /** With a schema of its own, a batch is not the records that were read, whose keys may have another order. */
  cells: (batch: Batch) => ({ ...batch, schema: { ...batch.schema } }),
  values: (batch: Batch) => rowsBatch(batch.schema, [...batch.rows()], batch.firstRow),
};

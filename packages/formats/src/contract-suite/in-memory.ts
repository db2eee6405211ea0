import { rowsBatch } from '../batch/rows-batch.ts';
import type { Column, DataType, Schema, Value } from '../contract.ts';
import type { AnyFormat } from '../formats.ts';
import { MemorySink } from './memory-sink.ts';
import { MemorySource } from './memory-source.ts';

/** What a file has. */
export interface RowsRead {
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
}

/** All the rows of a file in memory, which comes in chunks that are smaller than most values. */
export async function readRows(
  format: AnyFormat,
  file: Uint8Array | string,
  options?: object,
): Promise<RowsRead> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const reader = format.createReader(new MemorySource(bytes, 50), options);
  const rows: (readonly Value[])[] = [];
  for await (const batch of reader) rows.push(...batch.rows());
  const { columns } = await reader.schema();
  return { names: columns.map(({ name }) => name), columns, rows };
}

/** The file that a format makes of rows; a column is a name, or a name and a type, which is else `any`. */
export async function writeRows(
  format: AnyFormat,
  columns: readonly (string | readonly [name: string, type: DataType])[],
  rows: readonly (readonly Value[])[],
  options?: object,
): Promise<Buffer> {
  const sink = new MemorySink();
  const writer = format.createWriter(sink, options);
  const schema = {
    columns: columns.map((column): Column => {
      const [name, type] = typeof column === 'string' ? [column, { kind: 'any' } as const] : column;
      return { name, type };
    }),
  };
  await writer.write(rowsBatch(schema, rows, 0));
  await writer.finish();
  return Buffer.from(sink.bytes);
}

/** The types that values have to be asked for where a format tells them apart by themselves, but for dates. */
export function datesOf({ columns }: Schema): Record<string, 'date' | 'timestamp'> {
  return Object.fromEntries(
    columns.flatMap(({ name, type: { kind } }) =>
      kind === 'date' || kind === 'timestamp' ? [[name, kind] as const] : [],
    ),
  );
}

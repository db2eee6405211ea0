import type { RowReader } from '@x/convert';

export type Cells = readonly unknown[];

export interface FirstRows {
  readonly columns: readonly { readonly name: string; readonly type: { readonly kind: string } }[];
  /** Cells by position in `columns`. */
  readonly rows: readonly Cells[];
  /** Whether there are rows after these. */
  readonly more: boolean;
}

/** The first rows, by position. The reader is closed then. */
export async function firstRows(reader: RowReader, limit: number): Promise<FirstRows> {
  let { columns } = reader.schema;
  const rows: Cells[] = [];
  let more = false;
  for await (const batch of reader.batches()) {
    ({ columns } = batch.schema);
    for (const row of batch.rows()) {
      if (rows.length === limit) {
        more = true;
        break;
      }
      // A batch is valid until the next one is asked for; its cells are values of their own.
      rows.push([...row]);
    }
    if (more) break;
  }
  await reader.close();
  return { columns, rows, more };
}

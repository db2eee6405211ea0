import type { Batch, CommonWriteOptions } from '../contract.ts';

/** Tells of the rows of a batch that have a value in a column that the file lacks. */
export function tellOfExtra(
  batch: Batch,
  extra: readonly number[],
  tell: NonNullable<CommonWriteOptions['onPartialRow']>,
): void {
  if (extra.length === 0) return;
  let row = batch.firstRow;
  for (const values of batch.rows()) {
    row++;
    for (const column of extra) {
      const value = values[column];
      if (value !== undefined && value !== null) tell(row, batch.schema.columns[column]!.name);
    }
  }
}

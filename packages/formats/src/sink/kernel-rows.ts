import { ArenaCells } from '../batch/arena-cells.ts';
import { cellsBatch } from '../batch/cells-batch.ts';
import type { Batch } from '../contract.ts';
import type { SimdKernel } from '../kernel/simd.ts';
import { Report, Stop } from '../kernel/simd.ts';
import type { Output, Region } from './output.ts';

/** Some rows of cells as the kernel takes them. */
export interface KernelRows {
  readonly pairs: number;
  readonly kinds: number;
  readonly rows: number;
  readonly stride: number;
  readonly quote: number;
  readonly delimiter: number;
  /** Place of the bounds of the first row as a JSON object, if the batch is those rows. */
  readonly records: number | undefined;
}

/** Writes rows to a region as far as there is room; gives a Stop, and reports the end and the rows. */
export type WriteRows = (kernel: SimdKernel, rows: KernelRows, region: Region) => number;

/** The cells of a batch, if the kernel can take them. */
export function kernelCells(batch: Batch): ArenaCells | undefined {
  const { layout } = batch;
  return layout instanceof ArenaCells && layout.place.arena.kernel !== undefined ? layout : undefined;
}

/**
 * Has the kernel write a batch, a region at a time. A row that the kernel leaves, or that no region
 * has room for, is given to `writeByValue` as a batch of its own.
 */
export async function writeByKernel(
  batch: Batch,
  cells: ArenaCells,
  output: Output,
  writeRows: WriteRows,
  writeByValue: (row: Batch) => Promise<void>,
): Promise<void> {
  const { arena, pairsAt, kindsAt, stride, quote, delimiter, recordsAt, recordSchema } = cells.place;
  const hasRecords = recordsAt !== undefined && recordSchema === batch.schema;
  const kernel = arena.kernel!;
  let done = 0;
  let region = await output.region(arena);
  while (done < batch.rowCount) {
    const stop = writeRows(
      kernel,
      {
        pairs: pairsAt + done * stride * 8,
        kinds: kindsAt + done * stride,
        rows: batch.rowCount - done,
        stride,
        quote,
        delimiter,
        records: hasRecords ? recordsAt + done * 8 : undefined,
      },
      region,
    );
    const { words } = arena;
    const rows = words[Report.rows]!;
    const end = words[Report.end]!;
    done += rows;
    if (rows > 0) {
      await output.write(arena.bytes.subarray(region.at, end));
      if (done < batch.rowCount) region = await output.region(arena);
    }
    let isLeft = stop === Stop.irregular;
    if (rows === 0 && !isLeft) {
      const larger = await output.largerRegion(arena);
      isLeft = larger === undefined;
      region = larger ?? region;
    }
    if (isLeft) {
      const place = {
        ...cells.place,
        pairsAt: pairsAt + done * stride * 8,
        kindsAt: kindsAt + done * stride,
      };
      await writeByValue(cellsBatch(batch.schema, new ArenaCells(place, 1), 1, batch.firstRow + done));
      done++;
    }
  }
}

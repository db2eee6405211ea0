import type { Batch } from '../contract.ts';
import type { RowPlan } from '../row-plan.ts';
import type { Typing } from '../typing/typing.ts';
import { cellsBatch } from './cells-batch.ts';
import { layoutOf, type RowsAtHand } from './rows-at-hand.ts';

/** The rows at hand that are wanted, as batches. */
export function* batchesOf(atHand: RowsAtHand, typing: Typing, plan: RowPlan): Generator<Batch> {
  const { skip, batchSize } = plan;
  const { firstRow } = atHand;
  // Rows that were left out count, so the last that is wanted may be among them.
  const wanted = Math.max(0, Math.min(atHand.rows, lastRow(plan) - firstRow));
  for (const { schema, order, from, to, isAsRead } of typing.apply(wanted)) {
    for (let row = Math.max(from, skip - firstRow); row < to; row += batchSize) {
      const rows = Math.min(batchSize, to - row);
      const cells = layoutOf(atHand, order, row, rows, isAsRead ? schema : undefined);
      yield cellsBatch(schema, cells, rows, firstRow + row);
    }
  }
}

/** Whether all the rows that are wanted have been at hand. */
export function isComplete(atHand: RowsAtHand, plan: RowPlan): boolean {
  return atHand.firstRow + atHand.rows >= lastRow(plan);
}

/** Just after the last row that is wanted. */
function lastRow({ skip, limit }: RowPlan): number {
  return skip + limit;
}

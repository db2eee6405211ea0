import { type Batch, type Row, rowObjects, type Schema } from '@x/formats';

import { ConvertError } from '../errors.ts';
import type { BatchOfSome, Losses } from '../losses.ts';
import { RowBatcher } from '../rows/row-batcher.ts';
import { UnlessAborted } from '../unless-aborted.ts';
import type { StandardSchema } from './standard-schema.ts';
import { validated } from './standard-schema.ts';

/** What `pipeline` does with each row. */
export interface Processing {
  readonly process: (row: Row, state: unknown) => unknown;
  readonly state: unknown;
  readonly schema: StandardSchema | undefined;
  readonly skipNulls: boolean;
  /** Called after each `triggerEvery` rows, with how many it has been so far. */
  readonly trigger: ((rows: number) => unknown) | undefined;
  readonly triggerEvery: number;
  /** Called when all rows are through. */
  readonly final: (() => unknown) | undefined;
  /** Nothing of the above is waited for after it. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Validates and processes each row, one after the other.
 *
 * @param scanLimit Rows whose outcome comes in one batch at first, so that it has the columns of all of them.
 */
export async function* processed(
  batches: AsyncIterable<Batch>,
  processing: Processing,
  losses: Losses,
  scanLimit: number,
): AsyncGenerator<BatchOfSome, void> {
  const { process, state, schema, trigger, triggerEvery, final, signal } = processing;
  const unlessAborted = new UnlessAborted(signal);
  const batcher = new RowBatcher();
  let sourceRows: number[] = [];
  const taken = (): BatchOfSome => {
    const batch = { ...batcher.take(), sourceRows };
    sourceRows = [];
    return batch;
  };
  let rowsSeen = 0;
  try {
    for await (const batch of batches) {
      let rowNumber = batch.firstRow;
      const inOrder = ordersKeys(batch.schema);
      for (const row of rowObjects(batch)) {
        rowNumber += 1;
        try {
          const valid = schema ? await unlessAborted.wait(validated(schema, row, rowNumber)) : row;
          let output = process(valid as Row, state);
          // Most are not asynchronous, and awaiting each row would cost more than the work.
          if (isThenable(output)) output = await unlessAborted.wait(output);
          if (output !== null && output !== undefined) {
            batcher.add(output as Row, rowNumber, inOrder?.(output));
            sourceRows.push(rowNumber);
          } else if (processing.skipNulls) losses.dropped();
          else throw nullRow(rowNumber);
        } catch (error) {
          // That the caller has given up is no fault of the row.
          signal?.throwIfAborted();
          losses.refused(atRow(error, rowNumber), row);
        }
        rowsSeen += 1;
        if (trigger && rowsSeen % triggerEvery === 0) await unlessAborted.wait(trigger(rowsSeen));
        if (rowNumber === scanLimit && batcher.pending > 0) yield taken();
      }
      if (rowNumber >= scanLimit && batcher.pending > 0) yield taken();
    }
    if (batcher.pending > 0) yield taken();
    if (final) await unlessAborted.wait(final());
  } finally {
    unlessAborted.close();
  }
}

/**
 * Objects have keys such as `2024` in front of all others, so where the source has such columns, it says the
 * order of those that a row has kept. Undefined where there is no need to.
 */
function ordersKeys({ columns }: Schema): ((row: object) => string[]) | undefined {
  const names = columns.map(({ name }) => name);
  if (!names.some(isIndex)) return undefined;
  const known = new Set(names);
  return (row) => {
    const keys = Object.keys(row);
    const kept = names.filter((name) => Object.hasOwn(row, name));
    return [...kept, ...keys.filter((key) => !known.has(key))];
  };
}

/** Whether a key is what ECMAScript calls an array index, which objects put in front. */
function isIndex(name: string): boolean {
  return /^\d{1,10}$/.test(name) && String(Number(name)) === name;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function nullRow(row: number): ConvertError {
  return new ConvertError('NULL_ROW', 'process gave no row', {
    row,
    hint: 'with skipNulls: false every row must become a row; give an object, or leave skipNulls at true',
  });
}

/** Whatever `process` throws, it is said at which row. */
function atRow(error: unknown, row: number): Error {
  if (error instanceof ConvertError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ConvertError('PROCESS_FAILED', message, { row }, { cause: error });
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { childNodeArgs } from '@x/vitest-config/child-node';

const program = join(import.meta.dirname, 'fixtures/convert-once.mjs');

/**
 * Makes Node.js collect early. A heap that may grow holds garbage, more of it the longer a run is, and says nothing
 * of what a conversion needs; one of this size ends a conversion that holds its rows.
 */
export const smallHeap = ['--max-old-space-size=40', '--max-semi-space-size=2'];

/** Peak resident memory, in bytes, of a process that does one conversion. */
export async function peakOf(
  source: string,
  target: string,
  options = {},
  nodeArgs: readonly string[] = [],
): Promise<number> {
  const args = [...childNodeArgs, ...nodeArgs, program, source, target, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

const columns = [
  'id',
  'name',
  'email',
  'city',
  'joined',
  'quantity',
  'price',
  'active',
  'code',
  'tag',
  'note',
];
/** What a format has to be told of the rows of `orders.jsonl`. */
const told: Readonly<Record<string, object>> = {
  'fixed-width': { fields: columns.map((name) => ({ name, width: name === 'note' ? 120 : 25 })) },
};

/** Peaks of a format: when a file of it is made of JSON Lines, and when CSV is made of that file. */
export async function peaksOf(
  format: string,
  { table, file, text }: { readonly table: string; readonly file: string; readonly text: string },
  nodeArgs?: readonly string[],
): Promise<{ written: number; read: number }> {
  const options = told[format] ?? {};
  // Not every format has line breaks, as a few of the rows have.
  const common = { durability: 'none', onError: 'skip' };
  return {
    written: await peakOf(table, file, { ...common, to: options }, nodeArgs),
    read: await peakOf(file, text, { ...common, from: options }, nodeArgs),
  };
}

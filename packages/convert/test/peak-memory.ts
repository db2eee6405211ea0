import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { childNodeArgs } from '@x/vitest-config/child-node';

const programs = join(import.meta.dirname, 'fixtures');

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
  return Number(await printed('convert-once.mjs', [source, target, JSON.stringify(options)], nodeArgs));
}

async function printed(
  program: string,
  words: readonly string[],
  nodeArgs: readonly string[],
): Promise<string> {
  const args = [...childNodeArgs, ...nodeArgs, join(programs, program), ...words];
  return (await promisify(execFile)(process.execPath, args)).stdout;
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

/** Where a table is, as JSON Lines, in the format, and as CSV. */
export interface Files {
  readonly table: string;
  readonly file: string;
  readonly text: string;
}

// Not every format has line breaks, as a few of the rows have.
const common = { durability: 'none', onError: 'skip' };

/** Peaks of a format: when a file of it is made of JSON Lines, and when CSV is made of that file. */
export async function peaksOf(
  format: string,
  { table, file, text }: Files,
  nodeArgs?: readonly string[],
): Promise<{ written: number; read: number }> {
  const options = told[format] ?? {};
  return {
    written: await peakOf(table, file, { ...common, to: options }, nodeArgs),
    read: await peakOf(file, text, { ...common, from: options }, nodeArgs),
  };
}

/**
 * By how much more memory, in bytes, a process has had after a large table than after a small one. As it is one
 * process, what two of them differ in by chance is not in it; and as it has done the small one three times before,
 * nor is what it takes to warm up, which is up to 12 MB.
 */
export async function growthOf(
  format: string,
  small: Files,
  large: Files,
): Promise<{ written: number; read: number }> {
  const options = told[format] ?? {};
  const tables = [small, small, small, large];
  const growth = async (own: object, pairs: readonly string[]): Promise<number> => {
    const words = [JSON.stringify({ ...common, ...own }), ...pairs];
    const peaks = JSON.parse(await printed('convert-in-turn.mjs', words, smallHeap)) as number[];
    return peaks[3]! - peaks[2]!;
  };
  return {
    written: await growth(
      { to: options },
      tables.flatMap(({ table, file }) => [table, file]),
    ),
    read: await growth(
      { from: options },
      tables.flatMap(({ file, text }) => [file, text]),
    ),
  };
}

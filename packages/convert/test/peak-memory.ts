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

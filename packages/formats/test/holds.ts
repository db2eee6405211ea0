import { appendFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

/** Cases of each property: few among the tests, as many as are asked for under `pnpm fuzz`. */
const numRuns = Number(process.env['X_FUZZ_RUNS'] ?? 100);
const timeout = numRuns > 1000 ? 3_600_000 : 300_000;

/** A test that a property holds for random cases; how many there were is told to whoever asks. */
export function holds<Ts>(name: string, property: fc.IAsyncProperty<Ts>): void {
  test.each([name])('%s', { timeout }, async () => {
    await expect(fc.assert(property, { numRuns })).resolves.toBeUndefined();
    const log = process.env['X_FUZZ_LOG'];
    if (log !== undefined) appendFileSync(log, `${JSON.stringify({ name, cases: numRuns })}\n`);
  });
}

import { expect, test } from 'vitest';

import { chaos } from '../chaos/chaos.ts';
import { howToInstall, isRedisInstalled } from '../chaos/server.ts';
import { scratchFolder } from './scratch.ts';

/** The long form has its own command: `pnpm --filter @x/fleet chaos`. */
test('whatever happens to workers, links and server, each input has one whole output', async ({ skip }) => {
  if (!isRedisInstalled()) skip(`needs ${howToInstall}`);
  const seed = Date.now() % 1_000_000;
  const report = await chaos({ folder: scratchFolder(), seed, seconds: 8, files: 400 });
  expect({ seed, ...report }).toMatchObject({ missing: 0, wrong: 0, partial: 0, republished: 0, temps: 0 });
  // That anything has happened at all.
  expect(Object.values(report.faults).reduce((sum, count) => sum + count)).toBeGreaterThan(0);
  expect(report.attempts).toBeGreaterThanOrEqual(400);
});

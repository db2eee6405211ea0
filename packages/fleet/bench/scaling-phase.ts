/** One phase of a run, alone in its process; it says what that took. */
import { peakMemory } from '@x/vitest-config/peak-memory';

import { bulkConvert, detachRun } from '@x/fleet';
import {
  collectGarbage,
  finish,
  openLatestRun,
  openNewRun,
  Plan,
  statusOf,
  verifyRun,
} from '@x/fleet/run-directory';

import { openRanges } from '../src/run-directory/marks.ts';

const [name, source = '', out = ''] = process.argv.slice(2);

const phases: Readonly<Record<string, () => Promise<unknown>>> = {
  plan: () => detachRun(source, out, { to: 'jsonl', recursive: true, preserveDirs: true }),
  status: async () => statusOf(await openLatestRun(out)),
  rejoin: async () => {
    const run = await openLatestRun(out);
    return openRanges(run, await Plan.open(run));
  },
  finish: async () => finish(await openLatestRun(out)),
  verify: async () => verifyRun(await openLatestRun(out)),
  // A newer run has taken the folder over.
  gc: async () => {
    await openNewRun(out, { options: {}, files: [], takeover: true });
    return collectGarbage(out);
  },
  convert: async () => (await bulkConvert(source, out, { to: 'jsonl', concurrency: 1 })).done(),
};

await phases[name!]!();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, memory: peakMemory() / 2 ** 20 }));

// Preloaded into every contestant that runs in Node.js: says at the end what the process has used.
import { writeSync } from 'node:fs';

import { peakMemory } from '@x/vitest-config/peak-memory';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(2, `usage ${(userCPUTime + systemCPUTime) / 1000} ${peakMemory() / 2 ** 20}\n`);
});

// Preloaded into every contestant that runs in Node.js: says at the end what the process has used.
import { writeSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(2, `usage ${(userCPUTime + systemCPUTime) / 1000} ${maxRSS / 1024}\n`);
});

import { existsSync, readFileSync } from 'node:fs';

/**
 * The most memory that this process has had resident so far. Linux counts what the parent had when it
 * started this process as maxRSS, but not as VmHWM.
 */
export function peakMemory() {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS) * 1024;
}

import { readFileSync } from 'node:fs';

/**
 * Bytes of addresses that a thread reserves, of which it uses few: measured 34 GB, most of it for the memories of
 * WebAssembly, each with room to grow.
 */
const bytesPerThread = 40e9;

/**
 * Whether the process may have so many threads. Where its addresses are limited (`ulimit -v`, as schedulers of
 * clusters do it), Node.js ends the whole process when it cannot reserve what one more thread takes.
 *
 * @param limits What Linux tells of a process in `/proc/self/limits`.
 */
export function hasRoomFor(threads: number, limits = limitsOfProcess()): boolean {
  const limit = /^Max address space +(\d+)/m.exec(limits)?.[1];
  return limit === undefined || Number(limit) >= (threads + 1) * bytesPerThread;
}

/** Nothing where the system does not tell: then nothing is known to be limited. */
function limitsOfProcess(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}

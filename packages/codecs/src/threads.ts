import { availableParallelism } from 'node:os';

import { CodecError } from './codec-error.ts';

/**
 * How many jobs for the thread pool keep that many threads at work. Where the machine has no more
 * than those, one job in reserve: a processor then never waits for a thread to be woken up.
 */
export const jobsFor = (threads: number): number =>
  threads < availableParallelism() ? threads : threads + 1;

/** The number of threads to use at most. Throws `BAD_OPTION` for what is no such number. */
export function threadsOf(codec: string, threads: number | 'auto' = 'auto'): number {
  if (threads === 'auto') return availableParallelism();
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads;
  throw new CodecError('BAD_OPTION', {
    codec,
    problem: `threads is ${JSON.stringify(threads)}`,
    hint: "Use a whole number from 1 to 256, or 'auto'",
  });
}

import { availableParallelism } from 'node:os';

import { CodecError } from './codec-error.ts';

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

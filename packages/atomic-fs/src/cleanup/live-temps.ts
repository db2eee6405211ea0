/**
 * The temps that this thread is writing, and their removal when the process ends before they are
 * published. Node.js tells of the end by `exit`: after `process.exit()`, an uncaught exception or
 * rejection, and the end of a worker, but not when a signal kills the process.
 */
import type { BigIntStats } from 'node:fs';

import type { Host } from '../host/host.ts';
import { runSync } from '../host/steps.ts';
import { removeIf } from './identity.ts';

export interface LiveTemp {
  readonly path: string;
  readonly host: Host;
  /** Whether what has the name is the temp. */
  readonly isOurs: (found: BigIntStats) => boolean;
}

const live = new Map<string, LiveTemp>();

export function enlist(temp: LiveTemp): void {
  if (live.size === 0) process.on('exit', removeLiveTemps);
  live.set(temp.path, temp);
}

export function strike(path: string): void {
  live.delete(path);
  if (live.size === 0) process.removeListener('exit', removeLiveTemps);
}

export const isLive = (path: string): boolean => live.has(path);

export function removeLiveTemps(): void {
  for (const { path, host, isOurs } of live.values()) {
    try {
      runSync(host.sync, removeIf(path, isOurs));
    } catch {
      // Nobody is left to tell. The next writer of that file, or sweep(), removes the temp.
    }
  }
  live.clear();
  process.removeListener('exit', removeLiveTemps);
}

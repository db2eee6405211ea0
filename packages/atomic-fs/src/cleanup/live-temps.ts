/**
 * The temps that this thread is writing, and their removal when the process ends before they are
 * published. Node.js tells of the end by `exit`: after `process.exit()`, an uncaught exception or
 * rejection, and the end of a worker, but not when a signal kills the process.
 */
import type { BigIntStats } from 'node:fs';

import type { Host } from '../host/host.ts';
import { platformOf } from '../host/platform.ts';
import { runSync } from '../host/steps.ts';
import { isSameFile, removeIf } from './identity.ts';

export interface LiveTemp {
  readonly path: string;
  readonly host: Host;
  /** Whether what has the name is the temp. */
  readonly isOurs: (found: BigIntStats) => boolean;
}

/** A temp whose creation has been asked for: it may be there before anybody here is told. */
export type ComingTemp = Pick<LiveTemp, 'path' | 'host'>;

const live = new Map<string, LiveTemp>();
const coming = new Set<ComingTemp>();

/** Milliseconds that the end of the process waits at most for a temp that is being created. */
const patience = 100;

export function enlist(temp: LiveTemp): void {
  listen();
  live.set(temp.path, temp);
}

export function strike(path: string): void {
  live.delete(path);
  listenNoMore();
}

/** To be called before the temp is created, and {@link arrived} when that is over, whatever came of it. */
export function announce(temp: ComingTemp): void {
  listen();
  coming.add(temp);
}

export function arrived(temp: ComingTemp): void {
  coming.delete(temp);
  listenNoMore();
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
  for (const temp of coming) {
    try {
      removeComing(temp);
    } catch {
      // As above.
    }
  }
  coming.clear();
  listenNoMore();
}

function listen(): void {
  if (live.size === 0 && coming.size === 0) process.on('exit', removeLiveTemps);
}

function listenNoMore(): void {
  if (live.size === 0 && coming.size === 0) process.removeListener('exit', removeLiveTemps);
}

/**
 * Removes a temp that a thread of the pool is just creating, and waits for it a moment. That it is this
 * process' own tells the list of its open files; where there is none, the temp stays.
 */
function removeComing({ path, host }: ComingTemp): void {
  if (!platformOf(host.platform).hasProc) return;
  const { sync } = host;
  const latest = sync.now() + patience;
  while (
    !runSync(
      sync,
      removeIf(path, (found) => hasOpen(host, found)),
    )
  ) {
    if (sync.now() > latest) return;
    sync.sleep(1, undefined);
  }
}

function hasOpen({ pid, sync }: Host, file: BigIntStats): boolean {
  return sync.readdir(`/proc/${pid}/fd`).some((fd) => {
    try {
      return isSameFile(sync.stat(`/proc/${pid}/fd/${fd}`), file);
    } catch {
      // Closed meanwhile, as the one that lists the files is.
      return false;
    }
  });
}

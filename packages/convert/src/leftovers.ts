import { cleanupOnSignals, sweep as sweepTemps } from '@x/atomic-fs';

import { pathOf } from './source/path-of.ts';

export interface SweepOptions {
  /** Also in the directories below, links not followed. Default `false`. */
  readonly recursive?: boolean | undefined;
  /** Tells what would be removed and removes nothing. Default `false`. */
  readonly dryRun?: boolean | undefined;
  /** Milliseconds that a temp must have lain unchanged. Default 0 where its writer is known to be dead, else an hour. */
  readonly minAge?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of what could not be looked at or removed. */
  readonly onWarning?: ((warning: Error) => void) | undefined;
}

/**
 * Removes the temps that killed conversions have left in a directory, or beside one destination.
 * One whose writer is alive stays.
 *
 * @returns The paths that were removed.
 */
export function sweep(place: string | URL, options: SweepOptions = {}): Promise<string[]> {
  return sweepTemps(pathOf(place), options);
}

/**
 * From now on a signal that ends this process removes the temps of its conversions first.
 *
 * @returns Ends that.
 */
export function removeTempsOnSignals(): () => void {
  return cleanupOnSignals();
}

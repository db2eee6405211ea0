import type { RunFolder } from '../run-directory/layout.ts';

/**
 * Who hands out work. An engine may lose it, hand it out twice, or believe a worker dead that is
 * not: what is published is decided by the storage (run-directory/commit.ts). So these few functions
 * are all that is asked of one.
 */
export interface Engine {
  readonly name: string;
  /** Whether workers of other processes take from the same queue. */
  readonly isShared: boolean;
  /** Whether it hands out this range of the plan, by its number from 0. Others are looked at by others. */
  owns(range: number): boolean;
  /** Joins the work on a run, as a worker or as the one that queues it. */
  join(run: RunFolder, ranges: number): Promise<Queue>;
}

export interface Queue {
  /** Queues ranges of the plan, and the end of the run as the one behind the last. One that is queued already may be
   * queued again. */
  put(ranges: Iterable<number>): Promise<void>;
  /**
   * A range to work on. Waits for one as long as there may be some; undefined when there will be none.
   * An abort leaves no range with nobody.
   */
  take(signal?: AbortSignal): Promise<Lease | undefined>;
  /** Takes leave. `isOver`: the run has ended, so that nothing of it needs to be kept. */
  close(options?: { readonly isOver?: boolean }): Promise<void>;
}

/** A range that one worker has, until it settles it or the engine gives it to another one. */
export interface Lease {
  readonly range: number;
  /** Aborted when the engine has given the range away. */
  readonly signal: AbortSignal;
  /** Whether the range is still this worker's, as far as the engine knows. */
  isHeld(): Promise<boolean>;
  /** `done`: nothing of it is open. `retry`: it is to be handed out again. */
  settle(outcome: 'done' | 'retry'): Promise<void>;
}

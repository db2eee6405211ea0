import { setTimeout as wait } from 'node:timers/promises';
import { basename, join } from 'node:path';

import type { BullmqEngine } from './engine/bullmq.ts';
import type { Notice, Noticeboard } from './engine/noticeboard.ts';
import { FleetError } from './fleet-error.ts';
import { type FleetOptions, type FleetResult, FleetRun } from './fleet-run.ts';
import { inodeOf } from './run-directory/commit.ts';
import { runsFolder } from './run-directory/layout.ts';
import { findRun, isFinished } from './run-directory/open-run.ts';

export interface ServeOptions extends Omit<FleetOptions, 'engine' | 'enqueue'> {
  /** Told when work on a run begins. */
  readonly onRun?: ((run: FleetRun) => void) | undefined;
  /** Told when there is nothing more to do for it here. */
  readonly onResult?: ((run: FleetRun, result: FleetResult) => void) | undefined;
  /** Told of a run that this worker cannot work on, once. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Milliseconds between two looks at the server when there is nothing to do. */
const pollInterval = 1000;

/**
 * Works on all runs that are queued on a server, one after the other, and waits for more, until it is
 * drained or aborted.
 *
 * @throws {FleetError} `ENGINE_LOST`. An abort throws its reason.
 */
export async function serveRuns(engine: BullmqEngine, options: ServeOptions = {}): Promise<void> {
  const { drain, signal } = options;
  const ended = AbortSignal.any([drain, signal].filter((one) => one !== undefined));
  const told = new Set<string>();
  const board = await engine.openNoticeboard();
  try {
    while (!ended.aborted) {
      const notices = await board.read(ended).catch((error: unknown) => {
        if (ended.aborted) return [];
        throw error;
      });
      for (const notice of notices) {
        if (!ended.aborted) await serve(notice, board, engine, options, told);
      }
      // An abort ends the pause.
      await wait(pollInterval, undefined, { signal: ended }).catch(() => undefined);
    }
  } finally {
    board.close();
  }
  signal?.throwIfAborted();
}

async function serve(
  { name, out }: Notice,
  board: Noticeboard,
  engine: BullmqEngine,
  { onRun, onResult, onWarning, ...options }: ServeOptions,
  told: Set<string>,
): Promise<void> {
  const warn = (problem: string): void => {
    if (!told.has(name)) onWarning?.(`${out}: ${problem}`);
    told.add(name);
  };
  if ((await inodeOf(join(out, runsFolder))) === undefined) {
    // Perhaps others see it; it stays on the board.
    return warn('a run is queued for this folder, which is not here');
  }
  try {
    const folder = await findRun(join(out, runsFolder, basename(name)));
    // Whoever has ended it may have been killed before it said so to the server.
    if (await isFinished(folder)) return await engine.forget(folder);
    const run = await FleetRun.begin(folder, { ...options, engine, enqueue: false });
    onRun?.(run);
    const result = await run.done();
    onResult?.(run, result);
    // What ended it elsewhere has taken it off the board; a queue that others have emptied is not the end.
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    if (error.code === 'REVOKED') return await board.remove(name);
    // It may be the storage of this run alone, which somebody mends: the run stays on the board.
    if (error.code === 'STORAGE_FAILED') return warn(error.problem);
    if (error.code !== 'BAD_RUN') throw error;
    warn(error.problem);
    await board.remove(name);
  }
}

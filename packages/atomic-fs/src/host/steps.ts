/**
 * Work described once and run twice: a `Steps` generator yields the calls it needs and decides
 * by what they give; `runSync` makes the calls blocking, `runAsync` awaits them. Decisions live in
 * the generators only, so that the two forms cannot drift.
 */
import type { AsyncCalls, SyncCalls } from './host.ts';

/** One call on whichever form of the calls the runner has. */
type Step = (fs: SyncCalls) => unknown;

export type Steps<T> = Generator<Step, T, unknown>;

export function* call<R>(step: (fs: SyncCalls) => R): Steps<R> {
  // The runners give back what the step returned, awaited; generators cannot express that pairing.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (yield step) as R;
}

export function runSync<T>(calls: SyncCalls, steps: Steps<T>): T {
  let state = steps.next();
  while (state.done !== true) {
    let given: unknown;
    try {
      given = state.value(calls);
    } catch (error) {
      state = steps.throw(error);
      continue;
    }
    state = steps.next(given);
  }
  return state.value;
}

export async function runAsync<T>(calls: AsyncCalls, steps: Steps<T>): Promise<T> {
  // Same names, same arguments, promised results, which are awaited before the steps see them.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const promised = calls as unknown as SyncCalls;
  let state = steps.next();
  while (state.done !== true) {
    let given: unknown;
    try {
      // Each step depends on what the one before it gave.
      // oxlint-disable-next-line no-await-in-loop, typescript/await-thenable
      given = await state.value(promised);
    } catch (error) {
      state = steps.throw(error);
      continue;
    }
    state = steps.next(given);
  }
  return state.value;
}

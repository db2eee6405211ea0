// @ts-check
/**
 * What the lab asks of one child process, handed over in an environment variable.
 *
 * @typedef {{ kind: 'fail', code: string }
 *   | { kind: 'short' }
 *   | { kind: 'kill' }
 *   | { kind: 'short-then-kill' }
 *   | { kind: 'pause' }} Action
 *
 * One step fires at the call with its number, or, with `every`, at each call of that operation from that number
 * on. Calls are counted from 1 in each thread, over the calls that touch the sandbox.
 * @typedef {{ thread?: number, call: number, every?: string, when: 'before' | 'after', action: Action }} Step
 *
 * @typedef {{
 *   log: string,
 *   control: string,
 *   root: string,
 *   target: string,
 *   steps: Step[],
 * }} Plan
 *
 * `log`: the file that events are appended to. `control`: a directory for the pause handshake. `root`: the
 * sandbox, as a real path. `target`: the file that the scenario replaces.
 */

export const planVariable = 'CRASH_LAB_PLAN';

/** Paths below this one exist nowhere; looking one up is how a scenario tells every recorder where it is. */
export const markPrefix = '/crash-lab-mark/';

/** @returns {Plan | undefined} */
export function planFromEnvironment() {
  const text = process.env[planVariable];
  if (text === undefined) return undefined;
  /** @type {Plan} */
  const plan = JSON.parse(text);
  return plan;
}

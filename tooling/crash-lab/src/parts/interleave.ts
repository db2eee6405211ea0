import { readFile } from 'node:fs/promises';

import { inParallel } from '../child.ts';
import type { Step } from '../preload/plan.mjs';
import { Bench, type Run, withBench } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { type Operation, describeOperation } from '../trace/operation.ts';
import { leftovers } from '../tree-check.ts';
import { versionOf } from '../writers/version.mjs';
import { baselineOf } from './faults.ts';
import { failureOf } from './power-loss.ts';
import { type PartResult, type Violation, withoutSandbox } from './result.ts';

export interface InterleaveSettings {
  readonly width: number;
  /**
   * `nested`: the second writer runs from start to end within each gap of the first. `crossed`: it also stops
   * at each of its own calls until the first has ended, so that either can come first and last.
   */
  readonly depth: 'nested' | 'crossed';
  /** Names of operations before which the first writer stops. Default: all. */
  readonly only?: readonly string[];
}

/**
 * Stops a writer before each of its calls, lets another one work on the same target, and lets the first go on.
 * Unlike a race, this meets every order of their calls that it describes, on every run.
 */
export async function interleave(
  first: Scenario,
  second: Scenario,
  settings: InterleaveSettings,
): Promise<PartResult> {
  const [outer, inner] = await Promise.all([baselineOf(first), baselineOf(second)]);
  const gaps = mainThread(outer).filter(({ name }) => settings.only?.includes(name) ?? true);
  const ends = [undefined, ...(settings.depth === 'crossed' ? mainThread(inner) : [])];
  const stops = gaps.flatMap((operation) => ends.map((until) => ({ operation, until })));
  const violations = await inParallel(stops, settings.width, ({ operation, until }) =>
    meet(first, second, operation, until),
  );
  return {
    part: 'interleaving',
    subject: `${first.name} against ${second.name}`,
    tried: stops.length,
    unit: 'orders',
    violations: violations.flat(),
    notes: [],
  };
}

const pause = ({ call }: Operation): Step => ({ call, when: 'before', action: { kind: 'pause' } });

const mainThread = (operations: readonly Operation[]): Operation[] =>
  operations.filter(({ thread }) => thread === 0);

async function meet(
  first: Scenario,
  second: Scenario,
  stop: Operation,
  until: Operation | undefined,
): Promise<Violation[]> {
  return withBench(first, async (bench) => {
    await bench.reset();
    const other = await Bench.beside(bench, second);
    try {
      const runs = await meetOn(bench, other, stop, until);
      const last =
        until === undefined ? 'the whole of the other' : `the other up to ${describeOperation(until)}`;
      const at = `${last} before ${describeOperation(stop)}`;
      return (await judge(bench, second, runs)).map(({ kind, detail }) => ({
        kind,
        detail: withoutSandbox(`${at}: ${detail}`),
      }));
    } finally {
      await other.leave();
    }
  });
}

async function meetOn(
  bench: Bench,
  other: Bench,
  stop: Operation,
  until: Operation | undefined,
): Promise<readonly [Run, Run]> {
  const one = bench.start([pause(stop)]);
  if ((await bench.paused(one)) === undefined) {
    throw new Error(`"${bench.scenario.name}" never came to ${describeOperation(stop)}`);
  }
  const two = other.start(until === undefined ? [] : [pause(until)]);
  const stopped = until === undefined ? undefined : await other.paused(two);
  if (stopped === undefined) await two.exit;
  await bench.resume();
  const firstExit = await one.exit;
  // The other may have ended without the call at which it was to stop: it found things changed.
  if (stopped !== undefined) await other.resume();
  const secondExit = await two.exit;
  return [await bench.outcome(firstExit), await other.outcome(secondExit)];
}

async function judge(bench: Bench, second: Scenario, runs: readonly [Run, Run]): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const [index, run] of runs.entries()) {
    if (run.report?.ok !== true) {
      violations.push({
        kind: 'failed',
        detail: `the ${index === 0 ? 'first' : 'other'} writer failed: ${failureOf(run)}`,
      });
    }
  }
  const content = await readFile(bench.target).catch(() => undefined);
  if (content === undefined) violations.push({ kind: 'absent', detail: 'the target is gone' });
  else if (versionOf(content) === undefined)
    violations.push({ kind: 'torn', detail: 'the target is no whole version' });
  const left = leftovers(runs[1].tree, bench.scenario.tree, [...bench.scenario.targets, ...second.targets]);
  if (left.length > 0) violations.push({ kind: 'leftover', detail: left.join(', ') });
  return violations;
}

import { inParallel } from '../child.ts';
import type { Action, Step } from '../preload/plan.mjs';
import { withBench } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { type Operation, describeOperation, operationsOf } from '../trace/operation.ts';
import { leftovers, sightIn } from '../tree-check.ts';
import { failureOf } from './power-loss.ts';
import { type PartResult, type Violation, withoutSandbox } from './result.ts';

export interface KillSettings {
  /** Runs at a time. */
  readonly width: number;
  /** Names of operations to kill at. Default: all that change the disk. */
  readonly only?: readonly string[];
}

interface Point {
  readonly operation: Operation;
  readonly when: Step['when'];
  readonly action: Action;
}

/** SIGKILL before, in and after every call that can change the disk; then the next run has to clear up. */
export async function kill(scenario: Scenario, settings: KillSettings): Promise<PartResult> {
  const points = await killPoints(scenario, settings);
  const violations = await inParallel(points, settings.width, (point) => killAt(scenario, point));
  return {
    part: 'kill',
    subject: scenario.name,
    tried: points.length,
    unit: 'kills',
    violations: violations.flat(),
    notes: [],
  };
}

async function killPoints(scenario: Scenario, { only }: KillSettings): Promise<Point[]> {
  const operations = await withBench(scenario, async (bench) => {
    await bench.reset();
    return operationsOf((await bench.run()).trace);
  });
  // Steps count the calls of the main thread.
  return operations
    .filter((operation) => operation.mutates && operation.thread === 0)
    .filter(({ name }) => only?.includes(name) ?? true)
    .flatMap(pointsAt);
}

function pointsAt(operation: Operation): Point[] {
  const points: Point[] = [{ operation, when: 'before', action: { kind: 'kill' } }];
  const canBeHalf = (operation.data?.byteLength ?? 0) > 1;
  if (canBeHalf) points.push({ operation, when: 'before', action: { kind: 'short-then-kill' } });
  // A failed call ends without an "after".
  const hasSucceeded = operation.outcome?.error === undefined;
  if (hasSucceeded) points.push({ operation, when: 'after', action: { kind: 'kill' } });
  return points;
}

async function killAt(scenario: Scenario, point: Point): Promise<Violation[]> {
  const { operation, when, action } = point;
  return withBench(scenario, async (bench) => {
    await bench.reset();
    const run = await bench.run([{ call: operation.call, when, action }]);
    const at = `killed ${action.kind === 'kill' ? when : 'in the middle of'} ${describeOperation(operation)}`;
    const violations: Violation[] = [];
    const add = (kind: string, detail: string): void => {
      violations.push({ kind, detail: withoutSandbox(`${at}: ${detail}`) });
    };
    if (run.exit.signal !== 'SIGKILL') throw new Error(`"${scenario.name}" was not ${at}`);
    for (const target of scenario.targets) {
      const sight = sightIn(run.tree, target);
      if (sight !== 'old' && sight !== 'new') add(sight, `${target.path} is ${sight}`);
    }
    // A program that works only once has done its work when the new version is there.
    if (scenario.once === true && sightIn(run.tree, scenario.targets[0]) === 'new') return violations;
    const next = await bench.runPlain();
    if (next.report?.ok !== true) add('next run', `the next run failed: ${failureOf(next)}`);
    for (const target of scenario.targets) {
      const sight = sightIn(next.tree, target);
      if (sight !== 'new') add('next run', `after the next run ${target.path} is ${sight}`);
    }
    const left = leftovers(next.tree, scenario.tree, scenario.targets);
    if (left.length > 0) add('leftover', `the next run leaves ${left.join(', ')}`);
    return violations;
  });
}

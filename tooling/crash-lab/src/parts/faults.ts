import { inParallel } from '../child.ts';
import { type Run, withBench } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { type Operation, describeOperation, operationsOf } from '../trace/operation.ts';
import { type Fault, faultsOf, sampleFaults } from './fault-list.ts';
import { judgeFault } from './fault-verdict.ts';
import { type PartResult, type Violation, withoutSandbox } from './result.ts';

export interface FaultSettings {
  readonly width: number;
  readonly seed: number;
  /** One fault a call instead of every fault of every call. */
  readonly sample: boolean;
  /** Names of operations; the others do not fail. Default: every operation. */
  readonly only?: readonly string[];
}

/** Every call of the writer fails in turn, with each error that it can give. */
export async function faults(scenario: Scenario, settings: FaultSettings): Promise<PartResult> {
  const baseline = await baselineOf(scenario);
  const directories = directoryCalls(baseline);
  const all = faultsOf(baseline.filter(({ name }) => settings.only?.includes(name) ?? true));
  const chosen = settings.sample ? sampleFaults(all, settings.seed) : all;
  const violations = await inParallel(chosen, settings.width, (fault) =>
    runFault(scenario, fault, directories.has(fault.operation)),
  );
  return {
    part: 'faults',
    subject: scenario.name,
    tried: chosen.length,
    unit: 'faults',
    violations: violations.flat(),
    notes: [`${baseline.length} calls`],
  };
}

export async function baselineOf(scenario: Scenario): Promise<Operation[]> {
  return withBench(scenario, async (bench) => {
    await bench.reset();
    return operationsOf((await bench.run()).trace);
  });
}

/** Which of the calls are on a directory (opening it, and everything on that descriptor). */
export function directoryCalls(operations: readonly Operation[]): ReadonlySet<Operation> {
  const open = new Set<number>();
  return new Set(
    operations.filter((operation) => {
      const fd = operation.name === 'open' ? operation.outcome?.fd : operation.fd;
      if (fd === undefined) return false;
      if (operation.name === 'open' && operation.outcome?.directory === true) open.add(fd);
      const on = open.has(fd);
      if (operation.name === 'close') open.delete(fd);
      return on;
    }),
  );
}

async function runFault(scenario: Scenario, fault: Fault, directory: boolean): Promise<Violation[]> {
  return withBench(scenario, async (bench) => {
    await bench.reset();
    const run = await bench.run(fault.steps);
    requireFault(run, fault, scenario);
    const failure = { operation: fault.operation, directory, name: fault.name };
    return judgeFault(scenario, run, failure).map(({ kind, detail }) => ({
      kind,
      detail: withoutSandbox(`${fault.name} at ${describeOperation(fault.operation)}: ${detail}`),
    }));
  });
}

/** A run in which nothing failed says nothing. */
function requireFault(run: Run, fault: Fault, scenario: Scenario): void {
  if (run.trace.acted.length === 0 && !run.exit.hung) {
    throw new Error(
      `${fault.name} at ${describeOperation(fault.operation)} never happened in "${scenario.name}"`,
    );
  }
}

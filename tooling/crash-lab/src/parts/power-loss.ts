import { unexplained } from '../model/explains.ts';
import { type PowerLossResult, enumerateCrashes } from '../model/power-loss.ts';
import { type Breach, breaches } from '../model/verdict.ts';
import { type Bench, type Run, withBench } from '../run.ts';
import type { Durability, Scenario } from '../scenario.ts';
import { runTraced, straceMissing } from '../strace.ts';
import { disagreements } from '../trace/compare.ts';
import { type Trace, resolvedMark } from '../trace/operation.ts';
import { type PartResult, type Violation, withoutSandbox } from './result.ts';

export interface PowerLossSettings {
  readonly seed: number;
  /** Record through strace as well, where it works, and hold the two recordings together. */
  readonly crossCheck: boolean;
}

/**
 * What each setting lets a power cut do. `never`: no state may show it. `seen`: the documentation says that it
 * can happen, so a state must show it, or documentation or lab are wrong. The rest may or may not happen.
 */
const documented: Readonly<Record<Durability, Readonly<Partial<Record<Breach, 'never' | 'seen'>>>>> = {
  full: { mixed: 'never', absent: 'never', mode: 'never', lost: 'never' },
  data: { mixed: 'never', absent: 'never', mode: 'never', lost: 'seen' },
  none: { mixed: 'seen', absent: 'never', lost: 'seen' },
};

/** Records one run and enumerates every state in which a power cut may leave the disk. */
export async function powerLoss(scenario: Scenario, settings: PowerLossSettings): Promise<PartResult> {
  return withBench(scenario, async (bench) => {
    await bench.reset();
    const { run, system } = await record(bench, settings);
    if (run.report?.ok !== true) {
      return result(scenario, undefined, [{ kind: 'failed', detail: failureOf(run) }], []);
    }
    const trace = scenario.marks ? run.trace : withMarkAtEnd(run.trace);
    const missed = unexplained(trace, bench.root, scenario.tree, run.tree);
    if (missed.length > 0) {
      throw new Error(
        `The recording does not account for what "${scenario.name}" did to ${missed.join(', ')}`,
      );
    }
    const split = system === undefined ? [] : disagreements(run.trace, system, bench.root);
    if (split.length > 0) {
      throw new Error(`The two recordings of "${scenario.name}" disagree:\n${split.join('\n')}`);
    }
    const found = enumerateCrashes(trace, bench.root, scenario.tree, scenario.targets, {
      seed: settings.seed,
    });
    const notes = [
      `${found.points} points, ${found.distinct} distinct outcomes`,
      ...(found.exhaustive ? [] : ['sampled']),
      ...(system === undefined ? [] : ['strace agrees']),
    ];
    return result(scenario, found, judge(found, scenario.durability), notes);
  });
}

async function record(
  bench: Bench,
  settings: PowerLossSettings,
): Promise<{ run: Run; system: Trace | undefined }> {
  if (settings.crossCheck && (await straceMissing()) === undefined) {
    return runTraced(bench);
  }
  return { run: await bench.run(), system: undefined };
}

/** A program that does not mark the return of its write has promised nothing before it exits. */
function withMarkAtEnd(trace: Trace): Trace {
  return { ...trace, moments: [...trace.moments, { at: 'mark', name: resolvedMark }] };
}

function judge(found: PowerLossResult, durability: Durability): Violation[] {
  const rules = documented[durability];
  const example = (breach: Breach): string => {
    const finding = found.findings.find((each) => each.breach === breach);
    if (finding === undefined) return '';
    const what = finding.size === undefined ? 'no file' : `${finding.size} bytes`;
    const lost = finding.lost.length === 0 ? 'nothing more' : finding.lost.join('; ');
    return withoutSandbox(`${finding.path}: ${what} after ${finding.after}, losing ${lost}`);
  };
  const broken = breaches.flatMap((breach): Violation[] => {
    const count = found.breaches[breach];
    if (rules[breach] === 'never' && count > 0) {
      return Array.from({ length: count }, () => ({ kind: breach, detail: example(breach) }));
    }
    if (rules[breach] === 'seen' && count === 0) {
      const detail = `durability '${durability}' is documented to allow "${breach}" and no state shows it`;
      return [{ kind: 'undocumented', detail }];
    }
    return [];
  });
  const remarks = found.remarks.map((remark) => ({ kind: 'order', detail: withoutSandbox(remark) }));
  return [...broken, ...remarks];
}

function result(
  scenario: Scenario,
  found: PowerLossResult | undefined,
  violations: readonly Violation[],
  notes: readonly string[],
): PartResult {
  return {
    part: 'power loss',
    subject: scenario.name,
    tried: found?.states ?? 0,
    unit: 'states',
    violations,
    notes,
  };
}

export function failureOf(run: Run): string {
  const { report, exit } = run;
  if (exit.hung) return 'it never ended';
  return report?.error?.message ?? (exit.stderr.trim() || `exit code ${exit.code}, signal ${exit.signal}`);
}

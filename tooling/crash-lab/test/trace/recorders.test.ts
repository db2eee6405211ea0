import { describe, expect, test } from 'vitest';

import { unexplained } from '../../src/model/explains.ts';
import { withBench } from '../../src/run.ts';
import { commitAllScenario, subjectScenario } from '../../src/scenario.ts';
import { runTraced, straceMissing } from '../../src/strace.ts';
import { disagreements } from '../../src/trace/compare.ts';
import { resolvedMark } from '../../src/trace/operation.ts';

const scenarios = [
  subjectScenario('atomic-fs writeFileSync', { keepsMode: true }),
  subjectScenario('atomic-fs createWriteStream', { behind: 'link' }),
  subjectScenario('fs.writeFile flush'),
  commitAllScenario(),
];

describe.each(scenarios)('$name', (scenario) => {
  test('is recorded alike by the preloaded recorder and by strace, and both explain what it left', async (context) => {
    const missing = await straceMissing();
    if (missing !== undefined) context.skip(missing);
    await withBench(scenario, async (bench) => {
      await bench.reset();
      const { run, system } = await runTraced(bench);
      expect(run.report).toEqual({ ok: true });
      expect(disagreements(run.trace, system, bench.root)).toEqual([]);
      expect(system.moments.filter(({ at }) => at === 'mark')).toEqual([{ at: 'mark', name: resolvedMark }]);
      expect(unexplained(run.trace, bench.root, scenario.tree, run.tree)).toEqual([]);
      expect(unexplained(system, bench.root, scenario.tree, run.tree)).toEqual([]);
    });
  });
});

test('a trace with a call missing does not explain the run', async () => {
  const scenario = subjectScenario('atomic-fs writeFile');
  await withBench(scenario, async (bench) => {
    await bench.reset();
    const { trace, tree } = await bench.run();
    const moments = trace.moments.filter(
      (moment) => moment.at === 'mark' || moment.operation.name !== 'rename',
    );
    expect(unexplained({ ...trace, moments }, bench.root, scenario.tree, tree)).toContain('dir/target.bin');
  });
});

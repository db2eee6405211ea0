import { openSync, renameSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import type { Call } from '../../src/preload/calls.mjs';
import { systemError } from '../../src/preload/faults.mjs';
import type { Step } from '../../src/preload/plan.mjs';
import { type Bench, type Run, withBench } from '../../src/run.ts';
import { subjectScenario } from '../../src/scenario.ts';
import { operationsOf } from '../../src/trace/operation.ts';
import { sightIn } from '../../src/tree-check.ts';

const scenario = subjectScenario('fs.writeFile');
const open: Step = { call: 1, when: 'before', action: { kind: 'kill' } };

const run = (...steps: Step[]): Promise<Run> =>
  withBench(scenario, async (bench) => {
    await bench.reset();
    return bench.run(steps);
  });

describe('an injected error is the one that Node raises', () => {
  const real = (work: () => unknown): Record<string, unknown> => {
    try {
      work();
    } catch (error) {
      return { text: String(error), ...(error as NodeJS.ErrnoException) };
    }
    throw new Error('It did not fail');
  };
  const injected = (code: string, call: Call): Record<string, unknown> => {
    const error = systemError(code, call);
    return { text: String(error), ...error };
  };

  test('with one path', () => {
    const path = '/crash-lab-mark/nowhere';
    expect(injected('ENOENT', { operation: 'open', path })).toEqual(real(() => openSync(path, 'r')));
  });

  test('with two paths', () => {
    const [path, to] = ['/crash-lab-mark/from', '/crash-lab-mark/to'];
    expect(injected('ENOENT', { operation: 'rename', path, to })).toEqual(real(() => renameSync(path, to)));
  });

  test('without a name where libuv has none', () => {
    expect(systemError('EDQUOT', { operation: 'write' })).toMatchObject({
      code: 'Unknown system error -122',
      errno: -122,
    });
  });
});

describe('a plan', () => {
  test('fails the call with its number', async () => {
    const { report, trace } = await run({ ...open, action: { kind: 'fail', code: 'EROFS' } });
    expect(report).toMatchObject({ ok: false, error: { code: 'EROFS', syscall: 'open' } });
    expect(trace.acted).toEqual([{ call: 1, action: 'fail' }]);
    expect(operationsOf(trace)[0]?.outcome).toEqual({ error: 'EROFS' });
  });

  test('kills before and after a call', async () => {
    const [before, after] = [await run(open), await run({ ...open, when: 'after' })];
    expect([before.exit.signal, after.exit.signal]).toEqual(['SIGKILL', 'SIGKILL']);
    expect(sightIn(before.tree, scenario.targets[0])).toBe('old');
    // Opening truncates.
    expect(sightIn(after.tree, scenario.targets[0])).toBe('mixed');
  });

  test('takes half of a write', async () => {
    const { report, trace } = await run({ call: 2, when: 'before', action: { kind: 'short' } });
    const counts = operationsOf(trace).flatMap(({ name, outcome }) =>
      name === 'write' ? [outcome?.written] : [],
    );
    expect(report).toEqual({ ok: true });
    expect(counts).toEqual([4500, 4500]);
  });

  test('fails every later call of an operation', async () => {
    const full: Step = { call: 2, every: 'write', when: 'before', action: { kind: 'fail', code: 'ENOSPC' } };
    const { report, trace } = await run(
      { call: 2, when: 'before', action: { kind: 'short' } },
      { ...full, call: 3 },
    );
    expect(report).toMatchObject({ ok: false, error: { code: 'ENOSPC' } });
    expect(trace.acted.map(({ action }) => action)).toEqual(['short', 'fail']);
  });

  test('holds a process before a call until it is told to go on', async () => {
    await withBench(scenario, async (bench: Bench) => {
      await bench.reset();
      const child = bench.start([{ ...open, action: { kind: 'pause' } }]);
      expect(await bench.paused(child)).toEqual({ pid: child.pid, call: 1 });
      await bench.resume();
      expect((await bench.outcome(await child.exit)).report).toEqual({ ok: true });
    });
  });
});

import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { withBench } from '../../src/run.ts';
import type { Scenario } from '../../src/scenario.ts';
import { unexplained } from '../../src/model/explains.ts';
import { operationsOf } from '../../src/trace/operation.ts';

const fixture = fileURLToPath(new URL('../fixtures/every-call.mjs', import.meta.url));

const scenario: Scenario = {
  name: 'every call',
  command: [process.execPath, fixture],
  tree: {},
  targets: [{ path: 'target', before: undefined, after: new Uint8Array() }],
  marks: false,
  durability: 'full',
};

test('a program sees no difference when it is recorded, and the recording explains all it did', async () => {
  await withBench(scenario, async (bench) => {
    await bench.reset();
    const plain = await bench.runPlain();
    expect(plain.exit).toMatchObject({ code: 0, stderr: '' });
    await bench.reset();
    const recorded = await bench.run();
    expect(recorded.exit.stderr).toBe('');
    expect(JSON.parse(recorded.exit.stdout)).toEqual(JSON.parse(plain.exit.stdout));
    expect(recorded.tree).toEqual(plain.tree);
    expect(unexplained(recorded.trace, bench.root, scenario.tree, recorded.tree)).toEqual([]);
    const names = new Set(operationsOf(recorded.trace).map(({ name }) => name));
    for (const name of [
      'open',
      'write',
      'fsync',
      'fdatasync',
      'ftruncate',
      'fchmod',
      'close',
      'rename',
      'link',
    ]) {
      expect(names).toContain(name);
    }
  });
});

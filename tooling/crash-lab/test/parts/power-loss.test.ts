import { describe, expect, test } from 'vitest';

import { powerLoss } from '../../src/parts/power-loss.ts';
import {
  type Scenario,
  commitAllScenario,
  replaceScenario,
  subjectScenario,
  symlinkScenario,
} from '../../src/scenario.ts';
import { brokenIn, kindsIn } from '../result.ts';

const settings = { seed: 1, crossCheck: false };

describe('a power cut never breaks what is documented', () => {
  const scenarios = [
    subjectScenario('atomic-fs writeFile', { durability: 'full', keepsMode: true }),
    subjectScenario('atomic-fs writeFile', { durability: 'data', keepsMode: true }),
    subjectScenario('atomic-fs writeFile', { durability: 'none', keepsMode: true }),
    subjectScenario('atomic-fs writeFileSync', { exists: false }),
    subjectScenario('atomic-fs createWriteStream', { behind: 'link', keepsMode: true }),
    subjectScenario('atomic-fs open', { keepsMode: true }),
    subjectScenario('atomic-fs writeFile wx', { exists: false }),
    symlinkScenario(),
    replaceScenario(),
    commitAllScenario(),
  ];
  test.each(scenarios)('$name', async (scenario) => {
    expect(brokenIn(await powerLoss(scenario, settings))).toEqual([]);
  });
});

test('a weaker setting that is documented to lose something, and does not, is a violation', async () => {
  const full = subjectScenario('atomic-fs writeFile', { durability: 'full' });
  const claimed: Scenario = { ...full, durability: 'data' };
  expect(kindsIn(await powerLoss(claimed, settings))).toEqual(['undocumented']);
});

describe('the lab sees what others lose', () => {
  test.each([
    ['fs.writeFile', ['lost', 'mixed']],
    ['fs.writeFile flush', ['mixed']],
    ['fast-write-atomic', ['lost', 'mode']],
    ['atomically', ['lost', 'mode']],
    ['write-file-atomic', ['lost', 'mode']],
  ])('%s', async (subject, kinds) => {
    const result = await powerLoss(subjectScenario(subject, { keepsMode: true }), settings);
    expect(kindsIn(result)).toEqual(kinds);
  });
});

import { expect, test } from 'vitest';

import { isFound, plantedBugs } from '../src/planted-bugs.ts';
import { subjectScenario } from '../src/scenario.ts';

const scenario = subjectScenario('atomic-fs writeFile', { keepsMode: true });
const settings = { width: 2, seed: 1, sample: false };

test.each(plantedBugs)('the lab finds $bug', async (bug) => {
  const result = await bug.find(scenario, bug.mutant, settings);
  expect({ ...result, isFound: isFound(bug, result) }).toMatchObject({ isFound: true });
});

test('a result with no violation, or with one of another kind, finds no bug', () => {
  const result = { part: '', subject: '', tried: 1, unit: '', notes: [] };
  for (const bug of plantedBugs) {
    expect(isFound(bug, { ...result, violations: [] })).toBe(false);
    expect(isFound(bug, { ...result, violations: [{ kind: 'poor error', detail: '' }] })).toBe(false);
  }
});

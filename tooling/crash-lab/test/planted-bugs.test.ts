import { childNodeArgs } from '@x/vitest-config/child-node';
import { describe, expect, test } from 'vitest';

import { findPlanted, isShown, plantedBugs } from '../src/planted/bugs.ts';
import { withPlanted } from '../src/planted/plant.ts';

const settings = { width: 2, seed: 1 };

// The bugs are planted in the TypeScript source, which must then run as it is.
describe.skipIf(childNodeArgs.length === 0)('the lab finds', () => {
  test.each(plantedBugs)('$bug', async (bug) => {
    const { result, isFound } = await findPlanted(bug, settings);
    expect({ isFound, violations: result.violations }).toMatchObject({ isFound: true });
  });
});

test('a result with no violation, or with one of another kind, shows no bug', () => {
  const result = { part: '', subject: '', tried: 1, unit: '', notes: [] };
  for (const bug of plantedBugs) {
    expect(isShown(bug, { ...result, violations: [] })).toBe(false);
    expect(isShown(bug, { ...result, violations: [{ kind: 'poor error', detail: '' }] })).toBe(false);
  }
});

test('a bug whose place is gone, or is not the only one, is not planted', async () => {
  const edit = { file: 'index.ts', replace: '' };
  const never = async (): Promise<never> => {
    throw new Error('It was planted');
  };
  await expect(withPlanted([{ ...edit, find: 'no such text' }], never)).rejects.toThrow('has 0 times');
  await expect(withPlanted([{ ...edit, find: 'export' }], never)).rejects.toThrow('A bug cannot be planted');
});

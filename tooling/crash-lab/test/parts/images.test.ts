import { childNodeArgs } from '@x/vitest-config/child-node';
import { describe, expect, test } from 'vitest';

import { images } from '../../src/parts/images.ts';
import { randomCuts } from '../../src/parts/random-cuts.ts';
import { plantedBugs } from '../../src/planted/bugs.ts';
import { withPlanted } from '../../src/planted/plant.ts';
import { subjectScenario } from '../../src/scenario.ts';
import { brokenIn, kindsIn, ran } from '../result.ts';

const scenario = subjectScenario('atomic-fs writeFile', { keepsMode: true });

test('a power cut on a real file system leaves a whole version, and the new one after success', async (context) => {
  const only = ['rename'];
  expect(brokenIn(ran(await images(scenario, 'ext4-noauto', { only }), context))).toEqual([]);
});

test('a power cut at a random moment loses nothing that was promised', async (context) => {
  const result = await randomCuts('atomic-fs writeFile', 'ext4-noauto', { seed: 1, cuts: 2 });
  expect(brokenIn(ran(result, context))).toEqual([]);
});

// The bugs are planted in the TypeScript source, which must then run as it is.
describe.skipIf(childNodeArgs.length === 0)('the real file system shows', () => {
  test.for([
    ['no fsync of the file', 'mixed'],
    ['no fsync of the directory', 'lost'],
  ] as const)('%s', async ([name, kind], context) => {
    const edits = plantedBugs.find(({ bug }) => bug === name)?.edits ?? [];
    const result = await withPlanted(edits, (environment) =>
      images({ ...scenario, environment }, 'ext4-noauto', { only: [] }),
    );
    expect(kindsIn(ran(result, context))).toEqual([kind]);
  });
});

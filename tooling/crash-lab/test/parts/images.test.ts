import { expect, test } from 'vitest';

import { images } from '../../src/parts/images.ts';
import { randomCuts } from '../../src/parts/random-cuts.ts';
import { subjectScenario } from '../../src/scenario.ts';
import { brokenIn, kindsIn, ran } from '../result.ts';

const scenario = subjectScenario('atomic-fs writeFile', { keepsMode: true });
const only = ['rename', 'fsync'];

test('a power cut on a real file system leaves a whole version, and the new one after success', async (context) => {
  expect(brokenIn(ran(await images(scenario, 'ext4-noauto', { only }), context))).toEqual([]);
});

test('a power cut at a random moment loses nothing that was promised', async (context) => {
  const result = await randomCuts('atomic-fs writeFile', 'ext4-noauto', { seed: 1, cuts: 2 });
  expect(brokenIn(ran(result, context))).toEqual([]);
});

test('the real file system shows a missing fsync', async (context) => {
  const result = ran(await images(scenario, 'ext4-noauto', { mutant: 'no-fsync', only: ['close'] }), context);
  expect(kindsIn(result)).toEqual(['mixed']);
});

test('and a missing fsync of the directory', async (context) => {
  const settings = { mutant: 'no-directory-fsync', only: [] };
  expect(kindsIn(ran(await images(scenario, 'ext4-noauto', settings), context))).toEqual(['lost']);
});

import { expect, test } from 'vitest';

import { kill } from '../../src/parts/kill.ts';
import { subjectScenario } from '../../src/scenario.ts';
import { brokenIn, kindsIn } from '../result.ts';

const settings = { width: 2, only: ['open', 'write', 'rename'] };

test('a writer that is killed at any call leaves a whole version, and the next run leaves nothing else', async () => {
  expect(brokenIn(await kill(subjectScenario('atomic-fs writeFile', { keepsMode: true }), settings))).toEqual(
    [],
  );
});

test('a writer that writes in place is seen to leave a torn file', async () => {
  const result = await kill(subjectScenario('fs.writeFile'), { width: 2, only: ['open'] });
  expect(kindsIn(result)).toEqual(['mixed']);
});

test('a writer that leaves its temp for ever is seen', async () => {
  const result = await kill(subjectScenario('atomically'), { width: 2, only: ['fsync'] });
  expect(kindsIn(result)).toEqual(['leftover']);
});

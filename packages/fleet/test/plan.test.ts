import { Plan, writePlan } from '@x/fleet/run-directory';
import { expect, test } from 'vitest';

import { scratchFolder } from './scratch.ts';

const fileOf = (index: number) => ({ source: `in/${index}.csv`, destination: `out/${index}-ü.jsonl` });

test.for([
  [0, 1],
  [1, 1],
  [256, 1],
  [257, 5],
  [1_280, 5],
  [1_281, 25],
  [6_400, 25],
  [6_401, 100],
  [30_001, 100],
])('a plan of %i files is handed out by %i', async ([files, size]) => {
  const run = { path: scratchFolder(), number: 1, out: '.' };
  function* all() {
    for (let index = 0; index < files!; index += 1) yield fileOf(index);
  }
  await writePlan(run, all());
  const plan = await Plan.open(run);
  expect(plan.filesARange).toBe(size);
  expect(plan.ranges).toBe(Math.ceil(files! / size!));
  let next = 0;
  for (let range = 0; range < plan.ranges; range += 1) {
    const planned = await plan.range(range);
    expect(planned[0]!.index).toBe(range * size!);
    for (const file of planned) expect(file).toEqual({ index: next, ...fileOf(next++) });
  }
  expect(next).toBe(files);
});

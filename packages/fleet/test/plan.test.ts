import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Plan, writePlan } from '@x/fleet/run-directory';
import { expect, test } from 'vitest';

import { openRanges } from '../src/run-directory/marks.ts';

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
    expect(plan.indexesOf(range)).toEqual([next, next + planned.length]);
    expect(planned[0]!.index).toBe(range * size!);
    for (const file of planned) expect(file).toEqual({ index: next, ...fileOf(next++) });
  }
  expect(next).toBe(files);
});

test('what is open is found by the names of the marks, and of the ranges that are asked for alone', async () => {
  const run = { path: scratchFolder(), number: 1, out: '.' };
  const mark = (kind: string, index: number): void => {
    const folder = join(run.path, kind, String(Math.floor(index / 100)).padStart(5, '0'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, String(index).padStart(8, '0')), '');
  };
  await writePlan(
    run,
    Array.from({ length: 1_100 }, (_, i) => fileOf(i)),
  );
  const plan = await Plan.open(run);
  expect(plan.filesARange).toBe(5);
  for (let index = 0; index < 220; index += 1) mark(index % 2 === 0 ? 'done' : 'failed', index);
  for (let index = 1_000; index < 1_100; index += 1) if (index !== 1_042) mark('done', index);
  const from = (first: number, length: number) => Array.from({ length }, (_, i) => first + i);
  expect(await openRanges(run, plan)).toEqual([...from(44, 156), 208]);
  // Who looks there finds no folder.
  writeFileSync(join(run.path, 'done', '00005'), '');
  await expect(openRanges(run, plan)).rejects.toThrow('ENOTDIR');
  expect(await openRanges(run, plan, (range) => range >= 42 && range < 46)).toEqual([44, 45]);
});

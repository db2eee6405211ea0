import { expect, vi } from 'vitest';

import { parseBulkOptions } from '../../src/bulk/parse-bulk-options.ts';
import { planJobs } from '../../src/bulk/plan-jobs.ts';
import { table, test } from '../scratch.ts';

const looks = vi.hoisted(() => ({ now: 0, most: 0, count: 0 }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const promises = await importOriginal<typeof import('node:fs/promises')>();
  const stat = async (path: string) => {
    looks.count += 1;
    looks.now += 1;
    looks.most = Math.max(looks.most, looks.now);
    try {
      return await promises.stat(path);
    } finally {
      looks.now -= 1;
    }
  };
  return { ...promises, stat };
});

const many = 300;

test('files are looked at a few at a time, in their order', async ({ folder, put }) => {
  await put(Object.fromEntries(Array.from({ length: many }, (_none, i) => [`in/${1000 + i}.csv`, table(i)])));
  const jobs = await planJobs([`${folder}/in`], `${folder}/out`, parseBulkOptions({ to: 'jsonl' }));
  expect(jobs.map(({ sourceState }) => sourceState!.size)).toEqual(
    Array.from({ length: many }, (_none, i) => table(i).length),
  );
  expect(looks.most).toBeLessThanOrEqual(64);
});

test('an abort ends the looking', async ({ folder, put }) => {
  await put(Object.fromEntries(Array.from({ length: many }, (_none, i) => [`in/${1000 + i}.csv`, table(1)])));
  const stop = new AbortController();
  const reason = new Error('enough');
  // When all have been found, and none has been looked at.
  const onFound = (): void => stop.abort(reason);
  const options = parseBulkOptions({ to: 'jsonl', signal: stop.signal, onFound });
  looks.count = 0;
  await expect(planJobs([`${folder}/in`], `${folder}/out`, options)).rejects.toBe(reason);
  expect(looks.count).toBeLessThan(many / 2);
});

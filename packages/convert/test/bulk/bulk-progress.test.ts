import { expect, onTestFinished, test, vi } from 'vitest';

import type { BulkProgress } from '@x/convert';

import { BulkMeter } from '../../src/bulk/bulk-progress.ts';
import type { Job } from '../../src/bulk/plan-jobs.ts';
import type { FileResult } from '../../src/bulk/run-jobs.ts';
import type { ConversionResult } from '../../src/result.ts';

interface Counts {
  rowsRead: number;
  rowsWritten: number;
  rowsSkipped: number;
  rowsDropped: number;
  bytesRead: number;
}

const counts = (rowsRead = 0, bytesRead = 0): Counts => ({
  rowsRead,
  rowsWritten: Math.floor(rowsRead / 2),
  rowsSkipped: Math.floor(rowsRead / 3),
  rowsDropped: rowsRead - Math.floor(rowsRead / 2) - Math.floor(rowsRead / 3),
  bytesRead,
});

const size = 1000;
const jobsOf = (count: number): Job[] =>
  Array.from({ length: count }, (_none, i) => ({
    source: `${i}.csv`,
    destination: `${i}.jsonl`,
    rejects: undefined,
    // One in ten is not there.
    sourceState: i % 10 === 9 ? undefined : { size, modifiedMs: 0 },
  }));

const names = { source: '', destination: '' };
const succeeded = (result: Counts): FileResult => ({
  ...names,
  status: 'succeeded',
  result: result as unknown as ConversionResult,
});
const failed: FileResult = { ...names, status: 'failed', error: new Error('no') };
const skipped: FileResult = { ...names, status: 'skipped', reason: 'exists' };

test('the sums are those over all files, whatever their order, and however they end', () => {
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const jobs = jobsOf(200);
  const meter = new BulkMeter(jobs, { progressInterval: 1 });
  /** What each file has counted, which is added up anew at each step. */
  const files = jobs.map(() => counts());
  const running = new Set<number>();
  const bytesTotal = jobs.filter(({ sourceState }) => sourceState).length * size;
  let [next, done] = [0, 0];
  while (done < jobs.length) {
    if (running.size < 6 && next < jobs.length) running.add(next++);
    const index = [...running][random(running.size)]!;
    const before = files[index]!;
    const after = counts(
      before.rowsRead + random(50),
      Math.min(jobs[index]!.sourceState?.size ?? 0, before.bytesRead + random(300)),
    );
    if (random(3) > 0) {
      files[index] = after;
      meter.advance(index, after);
    } else {
      const ends = [succeeded(after), failed, skipped][random(3)]!;
      if (ends.result) files[index] = after;
      meter.done(index, ends);
      running.delete(index);
      done += 1;
    }
    const sum = (name: keyof Counts): number => files.reduce((total, file) => total + file[name], 0);
    const { percent, ...told } = meter.progress();
    for (const name of Object.keys(files[0]!) as (keyof Counts)[]) expect(told[name]).toBe(sum(name));
    expect(told).toMatchObject({ filesDone: done, filesTotal: 200, bytesTotal });
    expect(told.rowsRead).toBe(told.rowsWritten + told.rowsSkipped + told.rowsDropped);
    expect(percent).toBeLessThanOrEqual(100);
  }
  expect(meter.progress()).toMatchObject({ percent: 100, etaMs: 0 });
});

test('a file costs the same whatever the number of files', () => {
  let looks = 0;
  const counting = <T extends object>(object: T): T =>
    new Proxy(object, { get: (target, name) => ((looks += 1), Reflect.get(target, name) as unknown) });
  const looksFor = (count: number): number => {
    looks = 0;
    const reports: BulkProgress[] = [];
    const jobs = jobsOf(count).map(counting);
    const onProgress = (progress: BulkProgress): void => void reports.push(progress);
    const meter = new BulkMeter(jobs, { progressInterval: 1, onProgress });
    for (const index of jobs.keys()) {
      meter.advance(index, counting(counts(5, 500)));
      meter.done(index, succeeded(counting(counts(10, size))));
      meter.progress();
    }
    return looks / count;
  };
  expect(looksFor(1000)).toBe(looksFor(10));
});

test('files without rows are told of as well, ten times a second at most', () => {
  vi.useFakeTimers({ toFake: ['hrtime'] });
  onTestFinished(() => void vi.useRealTimers());
  const seen: number[] = [];
  const onProgress = ({ filesDone }: BulkProgress): void => void seen.push(filesDone);
  const meter = new BulkMeter(jobsOf(100), { progressInterval: 1000, onProgress });
  for (let index = 0; index < 100; index += 1) {
    meter.done(index, index % 2 === 0 ? skipped : failed);
    vi.advanceTimersByTime(25);
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_none, i) => i * 4 + 1));
});

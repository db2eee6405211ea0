import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, vi } from 'vitest';

import { convert, pipeline, type Progress } from '@x/convert';

import { ProgressReporter } from '../src/progress.ts';
import { table, test } from './scratch.ts';

test('the last call has the final numbers, of bytes as they are in the file', async ({ folder, put }) => {
  const content = gzipSync(table(5000));
  const [source] = await put({ 'a.csv.gz': content });
  const seen: Progress[] = [];
  const result = await convert(source!, join(folder, 'b.jsonl'), {
    onProgress: (progress) => void seen.push(progress),
  });
  expect(seen.at(-1)).toEqual({
    rowsRead: 5000,
    rowsWritten: 5000,
    rowsSkipped: 0,
    rowsDropped: 0,
    bytesRead: content.length,
    bytesTotal: content.length,
    percent: 100,
    elapsedMs: result.elapsedMs,
    etaMs: 0,
  });
});

test('on the way the numbers only grow, up to the total', async () => {
  const seen: Progress[] = [];
  const rows = Array.from({ length: 5000 }, (_none, i) => ({ i }));
  await pipeline(rows, null, (row) => row, {
    batchSize: 100,
    progressInterval: 100,
    onProgress: (progress) => void seen.push(progress),
  });
  expect(seen.length).toBeGreaterThanOrEqual(2);
  expect(seen.at(-1)).toMatchObject({
    rowsRead: 5000,
    bytesTotal: undefined,
    percent: undefined,
    etaMs: undefined,
  });
  for (const { rowsRead, rowsWritten } of seen) expect(rowsWritten).toBeLessThanOrEqual(rowsRead);
});

test('an empty source ends with nothing, and without a percentage of nothing', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': '' });
  const seen: Progress[] = [];
  await convert(source!, join(folder, 'b.jsonl'), { onProgress: (progress) => void seen.push(progress) });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ rowsRead: 0, bytesRead: 0, bytesTotal: 0 });
});

test('a callback that throws is a warning, once, and does not stop the run', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(3000) });
  let calls = 0;
  const result = await convert(source!, join(folder, 'b.jsonl'), {
    atomic: true,
    progressInterval: 1,
    batchSize: 10,
    onProgress: () => {
      calls += 1;
      throw new Error('my mistake');
    },
  });
  expect(calls).toBeGreaterThanOrEqual(1);
  expect(result.rowsWritten).toBe(3000);
  expect(result.warnings).toEqual(['onProgress threw: Error: my mistake']);
});

test('not before so many rows, and ten times a second at most', () => {
  vi.useFakeTimers({ toFake: ['hrtime'] });
  onTestFinished(() => void vi.useRealTimers());
  const seen: number[] = [];
  const note = ({ rowsRead }: Progress): void => void seen.push(rowsRead);
  const reporter = new ProgressReporter<Progress>(note, 10, () => undefined);
  const at = (rowsRead: number) => reporter.advance(rowsRead, () => ({ rowsRead }) as Progress);
  at(9);
  expect(seen).toEqual([]);
  at(10);
  at(500);
  vi.advanceTimersByTime(99);
  at(600);
  expect(seen).toEqual([10]);
  vi.advanceTimersByTime(1);
  at(700);
  vi.advanceTimersByTime(1000);
  at(709);
  expect(seen).toEqual([10, 700]);
});

test('a callback that fails later is a warning, too, and does not end the process', async ({
  folder,
  put,
}) => {
  const [source] = await put({ 'a.csv': table(10) });
  const failing = async () => Promise.reject(new Error('no'));
  // oxlint-disable-next-line typescript/no-misused-promises
  const { warnings } = await convert(source!, join(folder, 'b.jsonl'), { onProgress: failing });
  await vi.waitFor(() => expect(warnings).toEqual(['onProgress threw: Error: no']));
});

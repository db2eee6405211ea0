import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { tally } from '../src/tally.ts';

let root: string;

function putReport(folder: string, report: object | undefined): void {
  mkdirSync(join(root, folder, 'reports'), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), '{ "scripts": { "test": "vitest run" } }');
  if (report) writeFileSync(join(root, folder, 'reports/vitest.json'), JSON.stringify(report));
}

const counts = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tally-'));
  mkdirSync(join(root, 'tooling/presets'), { recursive: true });
  putReport('packages/a', counts);
  putReport('packages/b', { ...counts, numPassedTests: 3, numFailedTests: 1 });
});
afterEach(() => rmSync(root, { recursive: true }));

test('adds up the reports', () => {
  expect(tally(root, ['vitest'], 1)).toEqual({ passed: 5, failed: 1, skipped: 2, problems: [] });
});

test('a missing report, an empty one and a file that did not load are failures', () => {
  putReport('packages/c', undefined);
  putReport('packages/d', { ...counts, numPassedTests: 0 });
  putReport('packages/e', {
    ...counts,
    testResults: [
      { name: 'e.test.ts', status: 'failed', message: 'no such module\nat', assertionResults: [] },
    ],
  });
  expect(tally(root, ['vitest'], 1)).toMatchObject({
    failed: 4,
    problems: [
      'packages/c/reports/vitest.json: no report',
      'packages/d/reports/vitest.json: ran no test',
      'e.test.ts: no such module',
    ],
  });
});

test('a failed run without a failed test is a failure', () => {
  putReport('packages/b', counts);
  expect(tally(root, ['vitest'], 0).failed).toBe(0);
  expect(tally(root, ['vitest'], 1)).toMatchObject({
    failed: 1,
    problems: ['a run failed though no test did'],
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { tally } from '../src/tally.ts';

let root: string;

/** A tested folder with one of each report given. */
function putFolder(folder: string, reports: Readonly<Record<string, object>>): void {
  mkdirSync(join(root, folder, 'reports'), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), '{ "scripts": { "test": "vitest run" } }');
  for (const [run, report] of Object.entries(reports)) {
    writeFileSync(join(root, folder, `reports/${run}.json`), JSON.stringify(report));
  }
}

const green = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [] };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tally-'));
  putFolder('packages/a', { vitest: green, host: green });
  putFolder('tooling/b', { vitest: green });
});
afterEach(() => rmSync(root, { recursive: true }));

test('adds up the reports: two of a package, one of our tooling', () => {
  expect(tally(root, 0)).toEqual({ passed: 6, failed: 0, skipped: 3, problems: [] });
});

test('a failed test is counted once, and named with what it said', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'adds', failureMessages: [] },
    { status: 'failed', fullName: 'sums > adds up', failureMessages: ['expected 3 to be 4\n  at', 'other'] },
  ];
  const file = { name: 'b.test.ts', status: 'failed', message: '', assertionResults };
  putFolder('tooling/b', { vitest: { ...green, numFailedTests: 1, testResults: [file] } });
  expect(tally(root, 1)).toEqual({
    passed: 6,
    failed: 1,
    skipped: 3,
    problems: ['tooling/b/reports/vitest.json: sums > adds up: expected 3 to be 4'],
  });
});

test('a missing report, an empty one and a file that did not load are failures', () => {
  const unloaded = {
    name: 'e.test.ts',
    status: 'failed',
    message: 'no such module\nat',
    assertionResults: [],
  };
  putFolder('packages/c', { vitest: green });
  putFolder('packages/d', { vitest: { ...green, numPassedTests: 0 }, host: green });
  putFolder('packages/e', { vitest: { ...green, testResults: [unloaded] }, host: green });
  expect(tally(root, 1)).toMatchObject({
    failed: 3,
    problems: [
      'packages/c/reports/host.json: no report',
      'packages/d/reports/vitest.json: ran no test',
      'e.test.ts: no such module',
    ],
  });
});

test('a failed run without a failed test is a failure', () => {
  expect(tally(root, 1)).toMatchObject({ failed: 1, problems: ['a run failed though no test did'] });
});

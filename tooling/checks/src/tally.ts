import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, and how, one line each: tests, and what failed outside a test. */
  readonly problems: string[];
}

/** The folders that have tests, by their own `test` script. */
function testedFolders(root: string): string[] {
  return ['packages', 'tooling']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .concat('examples')
    .filter((folder) => {
      const manifest = join(root, folder, 'package.json');
      return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
    });
}

/** A package is tested twice: its source, and its build on the oldest Node.js. */
function reportsOf(folder: string): string[] {
  const runs = folder.startsWith('packages/') ? ['vitest', 'host'] : ['vitest'];
  return runs.map((run) => `${folder}/reports/${run}.json`);
}

/**
 * Adds up the Vitest reports of every tested folder.
 *
 * A file that could not be loaded holds no failing test, an error thrown outside any test leaves
 * its report green, and a crashed runner leaves none: each counts as one failure of its own.
 *
 * @param status Exit status of the runs; not 0 with no failure found is itself a failure.
 */
export function tally(root: string, status: number): Tally {
  const total: Tally = { passed: 0, failed: 0, skipped: 0, problems: [] };
  const problem = (line: string): void => {
    total.failed += 1;
    total.problems.push(line);
  };
  for (const path of testedFolders(root).flatMap(reportsOf)) {
    if (!existsSync(join(root, path))) {
      problem(`${path}: no report`);
      continue;
    }
    const report = JSON.parse(readFileSync(join(root, path), 'utf8')) as VitestReport;
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
    if (report.numPassedTests + report.numFailedTests === 0) problem(`${path}: ran no test`);
    for (const file of report.testResults) {
      const failedTests = file.assertionResults.filter((test) => test.status === 'failed');
      for (const { fullName, failureMessages } of failedTests) {
        total.problems.push(`${path}: ${fullName}: ${firstLine(failureMessages[0])}`);
      }
      if (file.status === 'failed' && failedTests.length === 0) {
        problem(`${file.name}: ${firstLine(file.message)}`);
      }
    }
  }
  if (status !== 0 && total.failed === 0) problem('a run failed though no test did');
  return total;
}

const firstLine = (text = ''): string => text.split('\n', 1)[0]!;

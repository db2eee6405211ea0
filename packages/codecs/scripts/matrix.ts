// Runs the whole suite of tests on the built package under several releases of Node.js, and prints a
// line for each. The releases come from npm.
//
//   pnpm --filter @x/codecs matrix [VERSION…]
//
// VERSION is a line of releases such as 22 or 22.15; see nodes.ts for those that are used otherwise.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { nodeOf, nodeVersions } from './nodes.ts';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: {
    name: string;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const folder = fileURLToPath(new URL('..', import.meta.url));
const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : nodeVersions;
let failed = false;

for (const version of versions) {
  const node = nodeOf(version);
  const report = `reports/matrix-${version}.json`;
  rmSync(`${folder}${report}`, { force: true });
  const begun = performance.now();
  // Other reporters need a newer Node.js than the oldest one here as soon as a test fails.
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${report}`];
  const { status, stderr } = spawnSync(node, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, X_TEST_TARGET: 'dist', NO_COLOR: '1' },
    maxBuffer: 2 ** 28,
  });
  const seconds = Math.round((performance.now() - begun) / 1000);
  const name = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = readReport(`${folder}${report}`);
  // The report says nothing of an error outside of a test; the exit status does.
  const holds = status === 0 && numFailedTests === 0 && numPassedTests > 0;
  const counts = `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
  console.log(`${holds ? 'ok  ' : 'FAIL'}  Node.js ${name.padEnd(9)}  ${counts}  (${seconds} s)`);
  if (holds) continue;
  failed = true;
  for (const { name: file, message = '', assertionResults } of testResults) {
    if (message !== '') console.log(`      ${file}: ${message}`);
    for (const { fullName, status: outcome, failureMessages } of assertionResults) {
      if (outcome === 'failed')
        console.log(`      ${fullName}: ${failureMessages.join('\n').split('\n', 1)[0]}`);
    }
  }
  console.log(stderr);
}
process.exitCode = failed ? 1 : 0;

function readReport(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // The run ended before it could write one; its exit status and output say why.
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] };
  }
}

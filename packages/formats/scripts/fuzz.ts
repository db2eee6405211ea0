// Runs the property tests with many cases each, and says how many cases there were.
//
//   pnpm --filter @x/formats fuzz
//   X_FUZZ_RUNS=100000 pnpm --filter @x/formats fuzz test/csv

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runs = process.env['X_FUZZ_RUNS'] ?? '5000';
const folder = mkdtempSync(join(tmpdir(), 'x-fuzz-'));
const log = join(folder, 'cases.jsonl');

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--maxWorkers=1', ...(process.argv.length > 2 ? process.argv.slice(2) : ['properties'])],
  { stdio: 'inherit', env: { ...process.env, X_FUZZ_RUNS: runs, X_FUZZ_LOG: log } },
);

let total = 0;
try {
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const { name, cases } = JSON.parse(line) as { name: string; cases: number };
    console.log(`${String(cases).padStart(10)}  ${name}`);
    total += cases;
  }
} finally {
  rmSync(folder, { recursive: true });
  console.log(`${String(total).padStart(10)}  cases without a finding`);
}
process.exitCode = status ?? 1;

/**
 * run.ts [--seconds 60] [--files 1000] [--seed N] [--plant] [--verbose]: the long form of the chaos test.
 *
 * `--plant` gives the workers a commit that is wrong; then it succeeds if that was found out.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { chaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    files: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    plant: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'fleet-chaos-'));
try {
  const report = await chaos({
    folder,
    seed: Number(values.seed),
    seconds: Number(values.seconds),
    files: Number(values.files),
    plant: values.plant,
    untilBad: values.plant,
    ...(values.verbose && { log: console.log }),
  });
  console.log({ seed: Number(values.seed), ...report });
  const { missing, wrong, partial, republished, temps } = report;
  const isRight = missing + wrong + partial + republished + temps === 0;
  if (values.plant)
    console.log(republished > 0 ? 'the planted fault was found' : 'the planted fault was NOT found');
  process.exitCode = (values.plant ? republished > 0 : isRight) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * run.ts [--files 800]: an array job of Slurm with a task that is killed, and is then submitted again.
 *
 * On a cluster of this one machine, which is set up for it; that takes root and, of Debian, slurm-wlm and munge.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { detachRun } from '@x/fleet';
import { statusOf, verifyRun } from '@x/fleet/run-directory';
import { childNodeArgs } from '@x/vitest-config/child-node';

import { Cluster } from './cluster.ts';

const { values } = parseArgs({ options: { files: { type: 'string', default: '800' } } });
const files = Number(values.files);
const folder = mkdtempSync(join(tmpdir(), 'fleet-slurm-'));
for (const command of ['munged', 'slurmctld', 'slurmd', 'sbatch']) {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
  } catch {
    throw new Error(`${command} is not installed (Debian: apt-get install slurm-wlm munge)`);
  }
}
const cluster = await Cluster.start(folder);
try {
  const out = join(folder, 'out');
  mkdirSync(join(folder, 'in'));
  for (let i = 0; i < files; i += 1) writeFileSync(join(folder, 'in', `${i}.csv`), `id,name\n${i},Zoë\n`);
  const run = await detachRun(join(folder, 'in'), out, { to: 'jsonl' });
  const task = fileURLToPath(new URL('task.mjs', import.meta.url));
  const command = [process.execPath, ...childNodeArgs, task, out].map((word) => `'${word}'`).join(' ');
  const submit = (array: string): string =>
    cluster.run(
      'sbatch',
      '--parsable',
      `--array=${array}`,
      `--output=${folder}/task-%a.txt`,
      '--wrap',
      `exec ${command}`,
    );
  const isQueued = (job: string): boolean => cluster.run('squeue', '-h', '-j', job) !== '';

  const job = submit('0-3');
  // Task 2 has the third part; it is killed when it has published some of it.
  const publishedBy = (range: string): number => {
    try {
      return readdirSync(join(run.path, 'done', range)).length;
    } catch {
      return 0;
    }
  };
  while (publishedBy('00002') < 10) await wait(20);
  cluster.run('scancel', '--signal=KILL', `${job}_2`);
  while (isQueued(job)) await wait(200);
  const killed = await statusOf(run);
  console.log(
    `after the array with a killed task: ${killed.published} of ${files} published, ${killed.open} open`,
  );

  const again = submit('2');
  while (isQueued(again)) await wait(200);
  const status = await statusOf(run);
  const { deviations, hasManifest } = await verifyRun(run);
  console.log(`after its task was submitted again: ${status.published} published, ${status.open} open`);
  const isRight =
    killed.open > 0 &&
    status.published === files &&
    status.isFinished &&
    hasManifest &&
    deviations.length === 0;
  console.log(isRight ? 'every output is there, as it was committed' : 'NOT as it should be');
  process.exitCode = isRight ? 0 : 1;
} finally {
  cluster.stop();
  await wait(1000);
  rmSync(folder, { recursive: true, force: true });
}

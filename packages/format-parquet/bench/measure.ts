/** Runs contestants, each in a process of its own, and says what they have used. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What one run has used: ms from the start of the process to its end, ms of processor time, MiB at most. */
export interface Usage {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

const folder = import.meta.dirname;
const usageModule = join(folder, '../../formats/bench/usage.mjs');

/** Has a contestant do a task once. */
export function measure(contestant: string, task: string, input: string, output: string): Usage {
  rmSync(output, { force: true });
  // What earlier runs left for the disk to do must not count for this one.
  execFileSync('sync');
  const script = join(folder, contestant === 'ours' ? 'ours.mjs' : `peers/${contestant}.mjs`);
  const start = performance.now();
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--max-old-space-size=8192', '--import', usageModule, script, task, input, output],
    { encoding: 'utf8' },
  );
  const wall = performance.now() - start;
  const [, cpu, memory] = /^usage (\S+) (\S+)$/m.exec(stderr) ?? [];
  if (status !== 0) throw new Error(`${contestant} has failed at ${task}: ${stderr}`);
  return { wall, cpu: Number(cpu), memory: Number(memory) };
}

/** Installs the peers, unless they are there since their manifest has changed. */
export function installPeers(): void {
  const peers = join(folder, 'peers');
  const installed = join(peers, 'node_modules/.modules.yaml');
  if (existsSync(installed) && statSync(installed).mtimeMs > statSync(join(peers, 'package.json')).mtimeMs)
    return;
  console.log('installing the peers…');
  execFileSync('pnpm', ['install', '--ignore-workspace', '--no-lockfile', '--silent'], { cwd: peers });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

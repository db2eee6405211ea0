/** Runs contestants, each in a process of its own, and says what they have used. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What one run has used: ms from the start of the process to its end, ms of processor time, MiB. */
export interface Usage {
  readonly wall: number;
  readonly cpu: number;
  /** NaN where it is not known. */
  readonly memory: number;
}

export interface Run {
  /** The folder of a benchmark: `ours.mjs`, and the others in `peers`. */
  readonly folder: string;
  readonly contestant: string;
  readonly task: string;
  readonly input: string;
  /** Undefined where the contestant prints what it has found instead. */
  readonly output: string | undefined;
  /** Of Node.js. */
  readonly nodeArgs?: readonly string[];
}

/** How a contestant is called, without what takes its figures. */
function commandOf({ folder, contestant, task, input, output, nodeArgs = [] }: Run): string[] {
  if (contestant === 'miller') return ['mlr', '--icsv', '--ojsonl', '-S', 'cat', input];
  const script = contestant === 'ours' ? 'ours.mjs' : `peers/${contestant}.mjs`;
  const usage = join(import.meta.dirname, 'usage.mjs');
  return [process.execPath, ...nodeArgs, '--import', usage, join(folder, script), task, input, output ?? ''];
}

/** Runs it once; gives what it has used, and what it has printed. */
export function measure(run: Run): { usage: Usage; printed: string } {
  if (run.output !== undefined) rmSync(run.output, { force: true });
  // What earlier runs left for the disk to do must not count for this one.
  execFileSync('sync');
  const command = commandOf(run);
  const start = performance.now();
  const { stdout, stderr, status } =
    run.contestant === 'miller'
      ? spawnSync('sh', ['-c', `${command.join(' ')} > ${run.output}; times`], { encoding: 'utf8' })
      : spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${run.contestant} has failed at ${run.task}: ${stderr}`);
  return {
    usage: { wall, ...(run.contestant === 'miller' ? fromTimes(stdout) : fromUsage(stderr)) },
    printed: stdout,
  };
}

/** The last line of `times` has the children's time: `1m2.500s 0m0.250s`. */
function fromTimes(printed: string): Omit<Usage, 'wall'> {
  const last = printed.trim().split('\n').at(-1) ?? '';
  const seconds = [...last.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return { cpu: seconds.reduce((sum, value) => sum + value, 0) * 1000, memory: Number.NaN };
}

function fromUsage(printed: string): Omit<Usage, 'wall'> {
  const [, cpu, memory] = /^usage (\S+) (\S+)$/m.exec(printed) ?? [];
  return { cpu: Number(cpu), memory: Number(memory) };
}

/** Whether a program can be called. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Installs the peers of a benchmark, unless they are there since their manifest has changed. */
export function installPeers(folder: string): void {
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

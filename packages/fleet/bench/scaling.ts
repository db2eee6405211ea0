/**
 * What a run costs by the number of its files: `pnpm --filter @x/fleet scaling`. `--sizes 1000,3000,…`,
 * `--folder DIR`, `--heap MIB`: of Node.js in each phase. The files are simulated: sources of one byte, and marks and outputs as workers leave them,
 * in memory where the system has `/dev/shm`. What plans, looks and finishes is the code of the package,
 * each time in a process of its own.
 *
 * Slopes are least squares on log-log, of what is measured; of CPU time and memory, less what one file takes.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { bullmq } from '@x/fleet/bullmq';
import { openLatestRun, Plan } from '@x/fleet/run-directory';

import { pathsOf, type RunFolder } from '../src/run-directory/layout.ts';
import { howToInstall, isRedisInstalled, RedisServer } from '../chaos/server.ts';

const sourcesAFolder = 1000;
const memory = '/dev/shm';
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,3000,10000,30000,100000' },
    folder: { type: 'string', default: existsSync(memory) ? memory : tmpdir() },
    heap: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map(Number);

/** A heap that may grow holds garbage, and says nothing of what is needed. */
const heap =
  values.heap === undefined ? [] : [`--max-old-space-size=${values.heap}`, '--max-semi-space-size=1'];

type Figures = Record<string, number>;

const phaseProgram = fileURLToPath(new URL('scaling-phase.ts', import.meta.url));

/** Runs a phase in a process of its own: seconds of CPU time, and MiB at the peak. */
function phase(name: string, folder: string): { readonly cpu: number; readonly memory: number } {
  const args = [...process.execArgv, ...heap, phaseProgram, name, join(folder, 'in'), join(folder, 'out')];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as {
    readonly cpu: number;
    readonly memory: number;
  };
}

function makeSources(folder: string, files: number): void {
  for (let i = 0; i < files; i += 1) {
    const below = join(folder, 'in', String(Math.floor(i / sourcesAFolder)));
    if (i % sourcesAFolder === 0) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `${i}.csv`), 'a');
  }
}

const sums = { rowsRead: 200, rowsWritten: 200, rowsSkipped: 0, rowsDropped: 0 };
const told = {
  ...sums,
  bytesRead: 10_000,
  bytesWritten: 20_000,
  elapsedMs: 4.125,
  errors: 0,
};

/** What workers leave: an output, a link to it and a line about it. */
async function simulateWork(run: RunFolder): Promise<void> {
  const paths = pathsOf(run);
  const made = new Set<string>();
  const makeOnce = (folder: string): void => {
    if (made.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    made.add(folder);
  };
  const plan = await Plan.open(run);
  for await (const { index, destination } of plan.files()) {
    makeOnce(dirname(destination));
    makeOnce(paths.doneFolder(index));
    makeOnce(paths.resultFolder(index));
    makeOnce(paths.attemptFolder(index));
    writeFileSync(destination, '');
    linkSync(destination, paths.done(index));
    const line = JSON.stringify([index, String(statSync(destination, { bigint: true }).ino), told]);
    appendFileSync(join(paths.resultFolder(index), 'simulated'), `${line}\n`);
  }
}

const namesBelow = (folder: string): number => readdirSync(folder, { recursive: true }).length;

async function figuresOf(files: number): Promise<Figures> {
  const folder = await mkdtemp(join(values.folder, 'scaling-'));
  try {
    makeSources(folder, files);
    const planning = phase('plan', folder);
    const run = await openLatestRun(join(folder, 'out'));
    const { plan, planIndex, success } = pathsOf(run);
    const planBytes = statSync(plan).size + statSync(planIndex).size;
    await simulateWork(run);
    const names = namesBelow(run.path);
    const folders = readdirSync(dirname(pathsOf(run).doneFolder(0))).length;
    const status = phase('status', folder);
    const rejoin = phase('rejoin', folder);
    const finish = phase('finish', folder);
    const verify = phase('verify', folder);
    const successBytes = statSync(success).size;
    const gc = phase('gc', folder);
    return {
      'plan: CPU, s': planning.cpu,
      'plan: memory, MiB': planning.memory,
      'plan, bytes': planBytes,
      'names in the folder of the run': names,
      'folders in its `done`': folders,
      'count marks (`status`): CPU, s': status.cpu,
      'find what is open (`joinRun`): CPU, s': rejoin.cpu,
      'finish: CPU, s': finish.cpu,
      'finish: memory, MiB': finish.memory,
      '_SUCCESS, bytes': successBytes,
      'verify: CPU, s': verify.cpu,
      'verify: memory, MiB': verify.memory,
      'remove the run (`gc`): CPU, s': gc.cpu,
      'remove the run (`gc`): memory, MiB': gc.memory,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Queues so many ranges, each of which stands for a hundred files. */
async function queueFigures(ranges: number): Promise<Figures> {
  const folder = await mkdtemp(join(values.folder, 'scaling-'));
  const redis = await RedisServer.start(folder);
  try {
    const path = join(folder, '.xrun', 'run-000001-0123456789abcdef');
    const engine = bullmq({ url: redis.url, onWarning: () => undefined });
    const queue = await engine.join({ path, number: 1, out: folder }, ranges);
    const before = redis.info('used_memory');
    const start = performance.now();
    await queue.put(Array.from({ length: ranges }, (_, range) => range));
    const seconds = (performance.now() - start) / 1000;
    const bytes = redis.info('used_memory') - before;
    await queue.close();
    return { 'queue: seconds': seconds, 'queue: bytes of Redis': bytes };
  } finally {
    await redis.kill();
    await rm(folder, { recursive: true });
  }
}

/** Least squares on log-log. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.filter(([, y]) => y > 0).map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const [mx, my] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const up = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return up / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

const shown = (value: number): string =>
  value >= 1e5
    ? value.toExponential(2).replace('e+', 'e')
    : value.toPrecision(3).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros));

function print(
  title: string,
  all: readonly (readonly [size: number, Figures])[],
  one: Figures,
  largest: number,
): void {
  console.log(`\n| ${title} | ${all.map(([size]) => size).join(' | ')} | slope | at ${shown(largest)} |`);
  console.log(`| --- |${' --- |'.repeat(all.length + 2)}`);
  for (const name of Object.keys(all[0]![1])) {
    const points = all.map(
      ([size, figures]) => [size, figures[name]! - (/CPU|MiB/.test(name) ? one[name]! : 0)] as const,
    );
    const slope = slopeOf(points);
    const [size, last] = points.at(-1)!;
    const cells = [
      ...points.map(([, value]) => shown(value)),
      slope.toFixed(2),
      shown(last * (largest / size) ** slope),
    ];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

const traced = ['openat', 'statx', 'mkdir', 'link', 'rename', 'unlink', 'fsync', 'fdatasync', 'getdents64'];

/** Calls to the file system a file, by the difference of two runs. */
async function callsAFile(): Promise<void> {
  // Of both a range has five files.
  const [few, many] = [300, 1200] as const;
  const counts = await Promise.all([few, many].map((files) => trace(files)));
  const [a, b] = counts as [Figures, Figures];
  const cells = traced.map((name) => (((b[name] ?? 0) - (a[name] ?? 0)) / (many - few)).toFixed(1));
  console.log(`\n| calls a file | ${traced.join(' | ')} |\n| --- |${' --- |'.repeat(traced.length)}`);
  console.log(`| \`local()\` | ${cells.join(' | ')} |`);
}

async function trace(files: number): Promise<Figures> {
  const folder = await mkdtemp(join(values.folder, 'scaling-'));
  try {
    mkdirSync(join(folder, 'in'));
    for (let i = 0; i < files; i += 1) await writeFile(join(folder, 'in', `${i}.csv`), 'id,name\n1,Zoë\n');
    const log = join(folder, 'calls');
    const args = [
      '-f',
      '-c',
      '-U',
      'name,calls',
      '-o',
      log,
      process.execPath,
      ...process.execArgv,
      phaseProgram,
    ];
    execFileSync('strace', [...args, 'convert', join(folder, 'in'), join(folder, 'out')], {
      stdio: 'ignore',
    });
    const lines = (await readFile(log, 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
    return Object.fromEntries(
      lines.filter(([, calls]) => Number(calls) > 0).map(([name, calls]) => [name!, Number(calls)]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const one = await figuresOf(1);
const all: [number, Figures][] = [];
for (const size of sizes) all.push([size, await figuresOf(size)]);
console.log(
  `simulated in ${values.folder === memory ? 'memory (tmpfs)' : basename(values.folder)}; CPU time and memory less what one file takes`,
);
print('files', all, one, 1e7);

if (values.heap !== undefined) process.exit();
if (isRedisInstalled()) {
  const queued: [number, Figures][] = [];
  for (const size of sizes) queued.push([size, await queueFigures(size)]);
  print('ranges of 100 files', queued, {}, 1e5);
} else console.log(`no ${howToInstall}: without the queue`);

try {
  execFileSync('strace', ['--version'], { stdio: 'ignore' });
} catch {
  console.log('no strace (Debian: apt-get install strace): without the calls a file');
  process.exit();
}
await callsAFile();

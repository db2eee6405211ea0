/**
 * run.ts [LINE…] [--rounds N] [--directory PATH]: @x/formats and others that do the same, from file to file,
 * each in a process of its own, in turn. Figures are medians; the time is that of the whole process. A
 * ratio is our wall time by that of the peer.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { type DataName, writeData } from './data.ts';
import { type Line, lines } from './lines.ts';
import { installPeers, isInstalled, measure, median, type Usage } from './measure.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const unknown = positionals.find((name) => !lines.some((line) => line.name === name));
if (unknown !== undefined) {
  throw new Error(`no line is called ${unknown}; there are ${lines.map(({ name }) => name).join(', ')}`);
}
const directory = mkdtempSync(join(options.directory, 'formats-bench-'));

/** The file of that data and size, made when it is asked for. */
const files = new Map<string, string>();
function dataFile(name: DataName, size: number): string {
  const key = `${size / 1e6}-${name}`;
  const known = files.get(key);
  if (known !== undefined) return known;
  const path = join(directory, key);
  writeData(name, path, size);
  files.set(key, path);
  return path;
}

function linesOf(path: string): number {
  const file = openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(2 ** 20);
  let count = 0;
  for (let length; (length = readSync(file, buffer)) > 0;) {
    for (let i = -1; (i = buffer.subarray(0, length).indexOf(10, i + 1)) >= 0;) count++;
  }
  closeSync(file);
  return count;
}

function runLine(line: Line): void {
  const input = dataFile(line.data, line.size);
  const contestants = ['ours', ...Object.keys(line.peers)].filter(
    (name) => name !== 'miller' || isInstalled('mlr'),
  );
  const rounds = Math.min(Number(options.rounds), line.rounds ?? Number.POSITIVE_INFINITY);
  const usages = new Map(contestants.map((name) => [name, new Array<Usage>()]));
  const found = new Map<string, string | number>();
  // The first round warms up, and shows that all of them do the same work.
  for (let round = -1; round < rounds; round++) {
    for (const index of contestants.keys()) {
      const contestant = contestants[(index + Math.max(round, 0)) % contestants.length]!;
      const output = line.output && join(directory, `${contestant}.${line.output}`);
      const { usage, printed } = measure({
        folder: import.meta.dirname,
        contestant,
        task: line.task,
        input,
        output,
      });
      if (round >= 0) usages.get(contestant)!.push(usage);
      else found.set(contestant, output === undefined ? printed.trim() : linesOf(output));
      if (output !== undefined) rmSync(output);
    }
  }
  console.log(
    `\n${line.title} (${line.name}: ${line.size / 1e6} MB, ${found.get('ours')}${line.output ? ' lines' : ''})`,
  );
  for (const [name, own] of found) {
    if (own !== found.get('ours')) console.log(`  ${name} gives ${own}`);
  }
  report(line, usages);
}

function report(line: Line, usages: ReadonlyMap<string, readonly Usage[]>): void {
  const of = (name: string, key: keyof Usage): number => median(usages.get(name)!.map((usage) => usage[key]));
  for (const name of usages.keys()) {
    const [wall, cpu, memory] = [of(name, 'wall'), of(name, 'cpu'), of(name, 'memory')];
    const ratio = of('ours', 'wall') / wall;
    const goal = line.peers[name];
    const figures = [
      `${wall.toFixed(0).padStart(6)} ms`,
      `${cpu.toFixed(0).padStart(6)} ms CPU`,
      `${(line.size / 1000 / cpu).toFixed(0).padStart(5)} MB/CPU s`,
      `${Number.isNaN(memory) ? '?' : memory.toFixed(0)} MiB`.padStart(9),
    ];
    const ratioText = name === 'ours' ? '' : `× ${ratio.toFixed(3)}${goalText(goal, ratio)}`;
    console.log(`  ${name.padEnd(10)} ${figures.join('  ')}  ${ratioText}`);
  }
  const rate = line.size / 1000 / of('ours', 'cpu');
  if (line.rateGoal !== undefined) {
    console.log(
      `  ${rate.toFixed(0)} MB a CPU second, goal ${line.rateGoal}: ${rate >= line.rateGoal ? 'met' : 'NOT met'}`,
    );
  }
  if (line.memoryGoal !== undefined) {
    const peak = Math.max(...usages.get('ours')!.map(({ memory }) => memory));
    console.log(
      `  ${peak.toFixed(0)} MiB at most, goal ${line.memoryGoal}: ${peak <= line.memoryGoal ? 'met' : 'NOT met'}`,
    );
  }
}

function goalText(goal: number | undefined, ratio: number): string {
  return goal === undefined ? '' : `, goal ${goal.toFixed(3)}: ${ratio <= goal ? 'met' : 'NOT met'}`;
}

installPeers(import.meta.dirname);
const { dependencies } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'peers/package.json'), 'utf8'),
) as {
  dependencies: Record<string, string>;
};
console.log(
  `Node.js ${process.version}, ${type()} ${release()}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}`,
);
console.log(
  Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', '),
);
try {
  for (const line of lines) if (positionals.length === 0 || positionals.includes(line.name)) runLine(line);
} finally {
  rmSync(directory, { recursive: true });
}

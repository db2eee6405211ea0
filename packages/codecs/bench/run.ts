/**
 * run.ts [NAME…] [--rounds N] [--megabytes N] [--file PATH] [--directory PATH]
 *
 * Compares whole processes that use this package with the reference tools, in one run: milliseconds
 * of wall and CPU time and MiB of peak memory as medians, and the ratios that are our goals. A name
 * is one of those in comparisons.ts; without one, all of them run. The text is made up, unless a
 * file is given.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { type Comparison, comparisons, memoryGoal, packers } from './comparisons.ts';
import { type Command, runInTurns } from './processes.ts';
import { writeSample } from './sample.ts';
import { type Tool, tools, toolVersions } from './tools.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    megabytes: { type: 'string', default: '128' },
    file: { type: 'string' },
    directory: { type: 'string', default: os.tmpdir() },
  },
});
const names = comparisons.map(({ name }) => name);
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined)
  throw new Error(`There is no comparison ${unknown}; there are ${names.join(', ')}`);

const versions = toolVersions();
const directory = fs.mkdtempSync(path.join(values.directory, 'codecs-bench-'));
const sample = path.join(directory, 'orders.csv');
try {
  if (values.file === undefined) writeSample(sample, Number(values.megabytes) * 1024 * 1024);
  else fs.copyFileSync(values.file, sample);
  const machine = `${os.type()} ${os.release()}, ${os.availableParallelism()} cores, ${os.cpus()[0]?.model}`;
  console.log(`Node.js ${process.version}, ${machine}`);
  console.log([...versions].map(([tool, version]) => `${tool} ${version}`).join(', '));
  for (const comparison of comparisons) {
    if (positionals.length === 0 || positionals.includes(comparison.name)) compare(comparison);
  }
} finally {
  fs.rmSync(directory, { recursive: true });
}

function compare({ name, task, reads, contestants, goals }: Comparison): void {
  console.log(`\n${name}: ${task}, ${(fs.statSync(sample).size / 2 ** 20).toFixed(0)} MiB of text`);
  const needed = new Set<string>(['time', ...Object.values(contestants).map(([program]) => program)]);
  if (reads !== undefined) needed.add(packers[reads][0]);
  const missing = tools.filter((tool: Tool) => needed.has(tool) && !versions.has(tool));
  if (missing.length > 0) {
    console.log(`  skipped: ${missing.join(', ')} is not installed, and apt-get did not install it`);
    return;
  }
  const packed = reads === undefined ? sample : pack(packers[reads], `${sample}${reads}`);
  const commands = Object.entries(contestants).map(([contestant, command]): [string, Command] => [
    contestant,
    [...command, command.includes('nothing') ? sample : packed],
  ]);
  const costs = runInTurns(new Map(commands), Number(values.rounds), directory);
  if (packed !== sample) fs.rmSync(packed);
  for (const [contestant, { wall, cpu, memory }] of costs) {
    const figures = [`${wall.toFixed(0)} ms`, `${cpu.toFixed(0)} ms CPU`, `${memory.toFixed(0)} MiB`];
    console.log(`  ${contestant.padEnd(24)}${figures.map((figure) => figure.padStart(14)).join('')}`);
  }
  const verdict = (line: string, value: number, goal: number, digits: number): void => {
    const met = value <= goal ? 'met' : 'not met';
    console.log(`  ${line.padEnd(50)} ${value.toFixed(digits)}, goal ${goal.toFixed(digits)}: ${met}`);
  };
  for (const [subject, reference, goal] of goals) {
    const ratio = (costs.get(subject)?.wall ?? Number.NaN) / (costs.get(reference)?.wall ?? Number.NaN);
    verdict(`${subject} / ${reference}`, ratio, goal, 2);
  }
  const ours = commands.filter(([, [program]]) => program === 'ours');
  const peak = Math.max(...ours.map(([contestant]) => costs.get(contestant)?.memory ?? Number.NaN));
  verdict('peak memory, MiB', peak, memoryGoal, 0);
}

function pack([tool, flags]: readonly [Tool, string], target: string): string {
  const output = fs.openSync(target, 'w');
  const { error, status } = spawnSync(tool, [flags, sample], { stdio: ['ignore', output, 'inherit'] });
  fs.closeSync(output);
  if (error !== undefined || status !== 0) throw new Error(`${tool} ${flags} failed`, { cause: error });
  return target;
}

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ours = fileURLToPath(new URL('ours.mjs', import.meta.url));

/** A program and its arguments; the program `ours` is a process that uses this package. */
export type Command = readonly [program: string, ...args: string[]];

/** What a process took: milliseconds from its start to its end, those of CPU time, and MiB at its peak. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

/**
 * Lets every command run once a round, in turn and from another start each time, so that whatever
 * slows the machine for a while slows them all. Gives the medians.
 */
export function runInTurns<Name extends string>(
  commands: ReadonlyMap<Name, Command>,
  rounds: number,
  directory: string,
): Map<Name, Cost> {
  const names = [...commands.keys()];
  const costs = new Map(names.map((name) => [name, new Array<Cost>()]));
  for (let round = -1; round < rounds; round++) {
    for (const index of names.keys()) {
      const name = names[(index + Math.max(round, 0)) % names.length]!;
      const cost = run(commands.get(name)!, path.join(directory, 'cost'));
      // The first round warms up.
      if (round >= 0) costs.get(name)?.push(cost);
    }
  }
  const medians = (all: Cost[]): Cost => ({
    wall: median(all.map(({ wall }) => wall)),
    cpu: median(all.map(({ cpu }) => cpu)),
    memory: median(all.map(({ memory }) => memory)),
  });
  return new Map([...costs].map(([name, all]) => [name, medians(all)]));
}

/** Runs a whole process, with its output thrown away. */
function run([program, ...args]: Command, costFile: string): Cost {
  const command = program === 'ours' ? [process.execPath, ours, ...args] : [program, ...args];
  const start = performance.now();
  const { error, status, stderr } = spawnSync('time', ['-f', '%U %S %M', '-o', costFile, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const wall = performance.now() - start;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')} failed with ${status}: ${stderr}`);
  const [user = Number.NaN, system = Number.NaN, kibibytes = Number.NaN] = fs
    .readFileSync(costFile, 'utf8')
    .split(' ')
    .map(Number);
  return { wall, cpu: 1000 * (user + system), memory: kibibytes / 1024 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

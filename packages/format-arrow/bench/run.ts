/**
 * Ratios to apache-arrow, measured side by side in one run: `pnpm --filter @x/format-arrow bench [LINE…]`, after
 * `pnpm build`. Contestants take turns, each in a process of its own, timed whole; figures are medians. `memory` is
 * what a gigabyte of CSV takes there and back, once, beside what a tenth of it takes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeData } from '../../formats/bench/data.ts';

const rounds = 5;
const tasks = join(import.meta.dirname, 'tasks.mjs');

const lines: Readonly<Record<string, { readonly title: string; readonly contestants: readonly string[] }>> = {
  read: { title: 'Arrow file → a million objects', contestants: ['ours read', 'apache read'] },
  jsonl: { title: 'Arrow file → JSON Lines', contestants: ['ours jsonl', 'apache jsonl'] },
  write: {
    title: 'a million objects → Arrow file',
    contestants: ['ours write', 'apache write', 'apache write arrays'],
  },
};

interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

function run(task: string, input: string, output: string): Measured {
  const start = performance.now();
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const told = execFileSync(process.execPath, [tasks, task, input, output], {
    stdio: [...stdio],
    encoding: 'utf8',
  });
  return { wall: performance.now() - start, ...(JSON.parse(told) as { cpu: number; memory: number }) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** CSV to Arrow and back, of so many bytes; whether it stays flat is seen beside another size. */
function tellMemory(folder: string, size: number): void {
  const [text, file, back] = ['text.csv', 'file.arrow', 'back.csv'].map((name) => join(folder, name));
  writeData('orders.csv', text!, size);
  for (const [task, input, output] of [
    ['ours from csv', text, file],
    ['ours to csv', file, back],
  ] as const) {
    const { wall, cpu, memory } = run(task, input!, output!);
    console.log(
      `  ${task}, ${size / 1e6} MB: ${wall.toFixed(0)} ms, ${cpu.toFixed(0)} ms of CPU, ${memory.toFixed(0)} MiB`,
    );
  }
}

const wanted = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'bench-arrow-'));
try {
  const [input, output] = [join(folder, 'in.arrow'), join(folder, 'out')];
  run('make', '', input);
  console.log(`${((await stat(input)).size / 1e6).toFixed(0)} MB, Node.js ${process.versions.node}`);
  for (const [name, { title, contestants }] of Object.entries(lines)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const all = new Map(contestants.map((one): [string, Measured[]] => [one, []]));
    for (let round = 0; round < rounds; round++) {
      for (const one of contestants) all.get(one)!.push(run(one, input, output));
    }
    console.log(title);
    const ours = median(all.get(contestants[0]!)!.map(({ wall }) => wall));
    for (const [one, times] of all) {
      const [wall, cpu, memory] = (['wall', 'cpu', 'memory'] as const).map((of) =>
        median(times.map((t) => t[of])),
      );
      const ratio = (ours / wall!).toFixed(2);
      console.log(
        `  ${one}: ${wall!.toFixed(0)} ms, ${cpu!.toFixed(0)} ms of CPU, ${memory!.toFixed(0)} MiB, ratio ${ratio}`,
      );
    }
  }
  if (wanted.length === 0 || wanted.includes('memory')) {
    console.log('CSV → Arrow → CSV');
    for (const size of [1e8, 1e9]) tellMemory(folder, size);
  }
} finally {
  await rm(folder, { recursive: true });
}

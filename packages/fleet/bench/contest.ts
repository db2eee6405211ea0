import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Milliseconds from the first start to the last end, and of CPU time, all processes together. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Stages one after the other; the processes of a stage at the same time. */
export type Contestant = readonly (readonly (readonly string[])[])[];

const program = fileURLToPath(new URL('part.ts', import.meta.url));

/** Runs a contestant once. */
export async function run(stages: Contestant): Promise<Cost> {
  let [wall, cpu] = [0, 0];
  for (const stage of stages) {
    const parts = stage.map((args) => fork(program, args));
    await Promise.all(parts.map(async (part) => once(part, 'message')));
    const start = performance.now();
    const costs = await Promise.all(parts.map((part) => partOf(part)));
    wall += performance.now() - start;
    for (const cost of costs) cpu += cost;
  }
  return { wall, cpu };
}

async function partOf(part: ChildProcess): Promise<number> {
  const ended = once(part, 'exit');
  const told = new Promise<number>((resolve) => {
    part.once('message', (message: { readonly cpu: number }) => resolve(message.cpu));
  });
  part.send('go');
  return Promise.race([told, ended.then(([code]) => Promise.reject(new Error(`ended with ${code}`)))]);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

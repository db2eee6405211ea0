/**
 * run.ts [--files N] [--rounds N]: files of 10 kB a second, by the local pool of `@x/convert`, by a run, and
 * by one to four workers of a queue on Redis, against a plain BullMQ worker that renames.
 *
 * Everything runs as built (`pnpm build`), in turns; figures are medians. Needs redis-server.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { detachRun } from '@x/fleet';
import { bullmq } from '@x/fleet/bullmq';
import { Queue } from 'bullmq';

import { ChaosServer } from '../chaos/server.ts';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '400' }, rounds: { type: 'string', default: '2' } },
});
const [files, rounds] = [Number(values.files), Number(values.rounds)];
const program = fileURLToPath(new URL('worker.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fleet-bench-'));
const sources = join(folder, 'in');
const out = join(folder, 'out');

mkdirSync(sources);
const rows = Array.from({ length: 250 }, (_, i) => `${i},Zoë Müller,"a ""note"", quoted",${i}.50,open\n`);
const names = Array.from({ length: files }, (_, i) => `${i}.csv`);
for (const name of names)
  writeFileSync(join(sources, name), `id,customer,note,amount,state\n${rows.join('')}`);

const server = await ChaosServer.make(folder);
await server.start();
const url = `redis://127.0.0.1:${server.port}`;
const cores = availableParallelism();

interface Contestant {
  readonly mode: 'pool' | 'local' | 'fleet' | 'plain';
  readonly workers: number;
  /** Files at a time in each. */
  readonly concurrency: number;
}

interface Measured {
  readonly filesPerSecond: number;
  readonly cpuMsPerFile: number;
}

const contestants: readonly Contestant[] = [
  { mode: 'pool', workers: 1, concurrency: cores },
  { mode: 'local', workers: 1, concurrency: cores },
  ...[1, 2, 4].map((workers) => ({ mode: 'fleet', workers, concurrency: 1 }) as const),
  ...[1, 4].map((workers) => ({ mode: 'plain', workers, concurrency: 1 }) as const),
];
const measured = new Map<Contestant, Measured[]>(contestants.map((one) => [one, []]));
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

try {
  for (let round = 0; round < rounds; round += 1) {
    for (const one of contestants) measured.get(one)!.push(await measure(one));
  }
} finally {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
}
const filesPerSecond = (one: Contestant): number => median(measured.get(one)!.map((m) => m.filesPerSecond));
const pool = filesPerSecond(contestants[0]!);
const cpuOf = (one: Contestant): number => median(measured.get(one)!.map((m) => m.cpuMsPerFile));
for (const one of contestants) {
  const { mode, workers, concurrency } = one;
  const [rate, cpu] = [filesPerSecond(one), cpuOf(one)];
  console.log(
    `${mode.padEnd(6)} ${workers} × ${concurrency}  ${rate.toFixed(1).padStart(7)} files/s  ${(rate / pool).toFixed(2)} × pool` +
      `  ${cpu.toFixed(2).padStart(6)} ms CPU a file (${(cpu - cpuOf(contestants[0]!)).toFixed(2)} over pool)`,
  );
}

async function measure({ mode, workers, concurrency }: Contestant): Promise<Measured> {
  rmSync(out, { recursive: true, force: true });
  server.command('flushall');
  if (mode === 'fleet') {
    const engine = bullmq({ url, onWarning: () => undefined });
    await detachRun(sources, out, { to: 'jsonl', engine });
  } else if (mode === 'plain') {
    mkdirSync(out);
    const queue = new Queue('plain', { connection: { url } });
    await queue.addBulk(
      names.map((name) => ({
        name,
        data: { source: join(sources, name), destination: join(out, name.replace('.csv', '.jsonl')) },
        opts: { removeOnComplete: true },
      })),
    );
    await queue.close();
  }
  const words = JSON.stringify({ sources, out, url, concurrency, files });
  const children: ChildProcess[] = Array.from({ length: workers }, () => fork(program, [mode, words]));
  await Promise.all(children.map((child) => once(child, 'message')));
  const start = performance.now();
  for (const child of children) child.send('go');
  const ends = await Promise.all(
    children.map(async (child) => (await once(child, 'message'))[0] as { cpuMs: number }),
  );
  const seconds = (performance.now() - start) / 1000;
  const made = readdirSync(out).filter((name) => name.endsWith('.jsonl')).length;
  if (made !== files) throw new Error(`${mode}: ${made} of ${files} outputs`);
  return {
    filesPerSecond: files / seconds,
    cpuMsPerFile: ends.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / files,
  };
}

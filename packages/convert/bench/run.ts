/**
 * Ratios, measured side by side in one run: `pnpm bench`, after `pnpm build`.
 *
 * - bulk: 200 files of 1 MB, on two threads against one after the other. Goal: at least 1.7 times as fast.
 * - atomic: 100 MB, atomic against not atomic with one fsync at the end. Goal: at most 1.05 times the time.
 */
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { bulkConvert, convert } from '@x/convert';

const rounds = 5;
const MB = 1e6;

function csvOf(bytes: number): string {
  const lines = ['id,customer,note,amount'];
  for (let row = 0, length = 0; length < bytes; row += 1) {
    const line = `${row},Zoë Müller ${row % 977},"a ""note"", quoted",${row % 1000}.${row % 89}`;
    lines.push(line);
    length += Buffer.byteLength(line) + 1;
  }
  return `${lines.join('\n')}\n`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

/** Runs both in turns, so that what else the machine does strikes both, and gives both medians. */
async function compare(
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  await one();
  await other();
  for (let round = 0; round < rounds; round += 1) {
    times[0].push(await timed(one));
    times[1].push(await timed(other));
  }
  return [median(times[0]), median(times[1])];
}

const folder = await mkdtemp(join(tmpdir(), 'bench-convert-'));
try {
  const source = join(folder, 'in');
  await mkdir(source);
  const file = csvOf(MB);
  for (let i = 0; i < 200; i += 1) await writeFile(join(source, `${i}.csv`), file);
  const bulk = async (concurrency: number): Promise<void> => {
    const { failed } = await bulkConvert(source, join(folder, `out-${concurrency}`), {
      to: 'jsonl',
      atomic: true,
      concurrency,
    });
    if (failed > 0) throw new Error(`${failed} files failed`);
  };
  const [sequential, threads] = await compare(
    () => bulk(1),
    () => bulk(2),
  );
  console.log(
    `bulk, 200 files of 1 MB: one after the other ${sequential.toFixed(0)} ms, two threads ${threads.toFixed(0)} ms: ` +
      `${(sequential / threads).toFixed(2)} times as fast (goal 1.7, ${availableParallelism()} processors)`,
  );

  const large = join(folder, 'large.csv');
  await writeFile(large, csvOf(100 * MB));
  const [plainFile, atomicFile] = [join(folder, 'plain.jsonl'), join(folder, 'atomic.jsonl')];
  const [plain, atomic] = await compare(
    async () => {
      await convert(large, plainFile);
      const handle = await open(plainFile, 'r+');
      await handle.sync();
      await handle.close();
    },
    () => convert(large, atomicFile, { atomic: true }),
  );
  console.log(
    `atomic, 100 MB: not atomic with one fsync ${plain.toFixed(0)} ms, atomic ${atomic.toFixed(0)} ms: ` +
      `${(atomic / plain).toFixed(2)} times the time (goal 1.05)`,
  );
} finally {
  await rm(folder, { recursive: true });
}

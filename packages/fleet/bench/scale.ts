/**
 * scale.ts [--most 100000]: what a run costs by the number of its files, on simulated runs of 1,000 files and
 * ten times as many each time: a real plan, real marks, real ranges on a Redis; no conversions.
 */
import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { bullmq } from '@x/fleet/bullmq';
import { openNewRun, Plan, standingOf, statusOf } from '@x/fleet/run-directory';

import { ChaosServer } from '../chaos/server.ts';

const { values } = parseArgs({ options: { most: { type: 'string', default: '100000' } } });

for (let files = 1000; files <= Number(values.most); files *= 10) {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-scale-'));
  const server = await ChaosServer.make(folder);
  try {
    await server.start();
    console.log({ files, ...(await measure(files, join(folder, 'out'), server)) });
  } finally {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(files: number, out: string, server: ChaosServer): Promise<object> {
  mkdirSync(out);
  const planned = Array.from({ length: files }, (_, i) => ({
    source: `/shared/in/2026/11/26/orders-${i}.csv`,
    destination: join(out, `orders-${i}.jsonl.gz`),
    fingerprint: '10240-1795690000000000000-123456789',
  }));
  const [run, planMs] = await timed(() => openNewRun(out, { options: {}, files: planned }));
  const plan = await Plan.open(run);
  const memory = (): number => Number(/used_memory:(\d+)/.exec(server.command('info', 'memory') ?? '')?.[1]);
  const before = memory();
  const engine = bullmq({ url: `redis://127.0.0.1:${server.port}`, onWarning: () => undefined });
  const queue = await engine.join(run, plan.ranges);
  const [, putMs] = await timed(() => queue.put(Array.from({ length: plan.ranges }, (_, range) => range)));
  const redisBytes = memory() - before;
  await queue.close();
  // The marks of a run whose files are all published, as the workers would leave them.
  for (let range = 0; range < plan.ranges; range += 1) {
    const part = String(range).padStart(5, '0');
    for (const name of ['done', 'results']) mkdirSync(join(run.path, name, part));
    for (const { index, destination } of await plan.range(range)) {
      const key = String(index).padStart(8, '0');
      writeFileSync(destination, '');
      linkSync(destination, join(run.path, 'done', part, key));
      writeFileSync(
        join(run.path, 'results', part, `${key}.${statSync(destination).ino}`),
        '{"rowsWritten":1}',
      );
    }
  }
  const [, statusMs] = await timed(() => statusOf(run));
  const [, reconcileMs] = await timed(() => standingOf(run));
  return {
    planBytesPerFile: round(statSync(join(run.path, 'plan.ndjson')).size / files),
    planMsPerFile: round(planMs / files),
    redisBytesPerRange: round(redisBytes / plan.ranges),
    putMsPerRange: round(putMs / plan.ranges),
    statusMsPerFile: round(statusMs / files),
    reconcileMsPerFile: round(reconcileMs / files),
  };
}

async function timed<T>(task: () => Promise<T>): Promise<[T, ms: number]> {
  const start = performance.now();
  return [await task(), performance.now() - start];
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

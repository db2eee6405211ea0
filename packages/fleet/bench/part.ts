/**
 * One process of a contestant. It loads what it needs, says that it is ready, does its part when it is
 * told to, and says what that took: the start of Node.js and the loading of modules are left out.
 */
import { once } from 'node:events';
import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { bulkConvert as convertAll, openConverter } from '@x/convert';
import { bulkConvert, detachRun, type FleetRun, joinRun, shard } from '@x/fleet';
import { bullmq } from '@x/fleet/bullmq';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [name, source = '', out = '', ...settings] = process.argv.slice(2);
const to = 'jsonl';
const peerQueue = 'peer';

const connectionTo = (url: string): Redis => new Redis(url, { maxRetriesPerRequest: null });

async function endOf(run: FleetRun): Promise<void> {
  const { failed } = await run.done();
  if (failed > 0) throw new Error(`${failed} files failed`);
}

const engineAt = (url: string) => bullmq({ url, onWarning: () => undefined });

const parts: Readonly<Record<string, (...settings: string[]) => Promise<void>>> = {
  async convert(concurrency, atomic) {
    const options = { to, concurrency: Number(concurrency), atomic: atomic === 'atomic' };
    const { failed } = await convertAll(source, out, options);
    if (failed > 0) throw new Error(`${failed} files failed`);
  },
  async local(concurrency) {
    await endOf(await bulkConvert(source, out, { to, concurrency: Number(concurrency) }));
  },
  async plan(url) {
    await detachRun(source, out, { to, ...(url !== undefined && { engine: engineAt(url) }) });
  },
  async shard(index, of) {
    await endOf(await joinRun(out, { engine: shard(Number(index), Number(of)), concurrency: 1 }));
  },
  async bullmq(url) {
    await endOf(await joinRun(out, { engine: engineAt(url), concurrency: 1, enqueue: false }));
  },
  async peerPlan(url) {
    const connection = connectionTo(url);
    const queue = new Queue(peerQueue, { connection });
    const files = await readdir(source);
    await queue.addBulk(
      files.map((file) => ({
        name: 'file',
        data: { source: join(source, file), destination: join(out, file.replace(/\.csv$/, '.jsonl')) },
        opts: { removeOnComplete: true },
      })),
    );
    await queue.close();
    connection.disconnect();
  },
  /** What people write: a job a file, converted under another name, then renamed. Nothing is synced. */
  async peerWork(url) {
    const connection = connectionTo(url);
    const converter = await openConverter({}, 1);
    const worker = new Worker<{ source: string; destination: string }>(
      peerQueue,
      async ({ data, id }) => {
        const temp = join(out, `.${id}.${basename(data.destination)}`);
        await converter.convert({ source: data.source, destination: temp });
        await rename(temp, data.destination);
      },
      { connection },
    );
    const failed = new Promise<never>((_, reject) => {
      worker.on('failed', (_job, error) => reject(error));
    });
    await Promise.race([once(worker, 'drained'), failed]);
    await worker.close();
    await converter.close();
    connection.disconnect();
  },
};

process.send!('ready');
await once(process, 'message');
const before = process.cpuUsage();
await parts[name!]!(...settings);
const { user, system } = process.cpuUsage(before);
process.send!({ cpu: (user + system) / 1000 });
process.disconnect();

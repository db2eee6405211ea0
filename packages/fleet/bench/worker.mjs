// worker.mjs MODE JSON: one process of a contestant. Says when it is ready, and at the end what CPU it took.
import { once } from 'node:events';
import { stat } from 'node:fs/promises';

const [mode, words] = process.argv.slice(2);
const { sources, out, url, concurrency, files } = JSON.parse(words);
const quiet = { onWarning: () => undefined };

const contestants = {
  /** The local pool: no run, no queue. */
  pool: async () => {
    const { bulkConvert } = await import('@x/convert');
    return () => bulkConvert(sources, out, { to: 'jsonl', atomic: true, concurrency });
  },
  /** A run with the workers of this process. */
  local: async () => {
    const { bulkConvert } = await import('@x/fleet');
    return async () => (await bulkConvert(sources, out, { to: 'jsonl', concurrency })).done();
  },
  /** One worker of a run that is queued on a server. */
  fleet: async () => {
    const { joinRun } = await import('@x/fleet');
    const { bullmq } = await import('@x/fleet/bullmq');
    return async () =>
      (await joinRun(out, { engine: bullmq({ url, ...quiet }), enqueue: false, concurrency })).done();
  },
  /** What people write themselves: a job for each file, a temp beside the output, and a rename. */
  plain: async () => {
    const [{ Worker, Queue }, { openConverter }] = await Promise.all([
      import('bullmq'),
      import('@x/convert'),
    ]);
    return async () => {
      const connection = { url, maxRetriesPerRequest: null };
      const converter = await openConverter({ atomic: true }, concurrency);
      const queue = new Queue('plain', { connection });
      const worker = new Worker('plain', ({ data }) => converter.convert(data).then(() => undefined), {
        connection,
        concurrency,
      });
      for (;;) {
        await once(worker, 'drained');
        const { wait = 0, active = 0 } = await queue.getJobCounts('wait', 'active');
        if (wait + active === 0) break;
      }
      await worker.close();
      await queue.close();
      await converter.close();
    };
  },
};

const run = await contestants[mode]();
process.send('ready');
await once(process, 'message');
const before = process.cpuUsage();
await run();
const { user, system } = process.cpuUsage(before);
await stat(out);
process.send({ cpuMs: (user + system) / 1000, files }, () => process.exit());

// worker.mjs OUT URL LEASE-TIME PACE HANDS: works on a run as x worker does, but lingers PACE milliseconds a file, for
// the most part after it was told that it still has its range: what is done to it then is done at the worst moment.
import { setTimeout as wait } from 'node:timers/promises';

import { joinRun } from '@x/fleet';
import { bullmq } from '@x/fleet/bullmq';

const [out, url, leaseTime, pace, hands] = process.argv.slice(2);
const server = bullmq({
  url,
  leaseTime: Number(leaseTime),
  connectionTimeout: 20_000,
  onWarning: () => undefined,
});

/** @param {import('@x/fleet').Lease} lease */
const lingering = (lease) => ({
  range: lease.range,
  signal: lease.signal,
  isHeld: async () => {
    process.stdout.write('attempt\n');
    await wait(Number(pace) * 0.5 * Math.random());
    const isHeld = await lease.isHeld();
    await wait(Number(pace) * 1.5 * Math.random());
    return isHeld;
  },
  settle: (outcome) => lease.settle(outcome),
});

const engine = {
  name: 'lingering',
  isShared: true,
  owns: () => true,
  join: async (run, ranges) => {
    const queue = await server.join(run, ranges);
    return {
      put: (some) => queue.put(some),
      take: async (signal) => {
        const lease = await queue.take(signal);
        return lease && lingering(lease);
      },
      close: (options) => queue.close(options),
    };
  },
};

// Kills are no fault of the inputs here, however often they meet the same one.
const run = await joinRun(out, {
  engine,
  enqueue: false,
  concurrency: Number(hands),
  attempts: 1000,
  retryDelay: 10,
});
await run.done();

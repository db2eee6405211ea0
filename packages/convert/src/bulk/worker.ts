import { parentPort, workerData } from 'node:worker_threads';

import { convert } from '../convert.ts';
import { toWire } from './error-wire.ts';
import type { Order, Report, ThreadData } from './wire.ts';

const { options, reportsProgress, ended } = workerData as ThreadData;
const port = parentPort!;
const controller = new AbortController();
const { signal } = controller;
const report = (message: Report): void => port.postMessage(message);

async function run(order: Extract<Order, { kind: 'convert' }>): Promise<void> {
  const { source, destination, rejects } = order;
  try {
    const { errors, ...result } = await convert(source, destination, {
      ...options,
      ...(rejects !== undefined && { rejects }),
      ...(reportsProgress && { onProgress: (progress) => report({ kind: 'progress', progress }) }),
      signal,
    });
    report({ kind: 'succeeded', result, errors: errors.map(toWire) });
  } catch (error) {
    report({ kind: 'failed', error: toWire(error) });
  }
}

/** What else listens for the exit of this thread, as those do who remove its temps, has begun to listen earlier. */
function leave(): never {
  process.once('exit', () => {
    const count = new Int32Array(ended);
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  });
  process.exit();
}

port.on('message', (order: Order) => {
  if (order.kind === 'abort') controller.abort();
  else if (order.kind === 'exit') leave();
  else void run(order);
});

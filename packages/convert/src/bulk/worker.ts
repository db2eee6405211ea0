import { parentPort, workerData } from 'node:worker_threads';

import { convert } from '../convert.ts';
import { toWire } from './error-wire.ts';
import type { Order, Report, ThreadData } from './wire.ts';

const { options, reportsProgress } = workerData as ThreadData;
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

port.on('message', (order: Order) => {
  if (order.kind === 'abort') controller.abort();
  else void run(order);
});

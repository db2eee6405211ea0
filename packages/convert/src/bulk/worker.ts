import { parentPort, workerData } from 'node:worker_threads';

// Not `convert()`: the options have been checked, and what checks them takes long to load.
import { leastInterval, type Progress } from '../progress.ts';
import { runPlan } from '../run-plan.ts';
import { toWire } from './error-wire.ts';
import type { Order, Report, SharedOrder, ThreadData } from './wire.ts';

const { ended } = workerData as ThreadData;
const port = parentPort!;
const controllers = new Map<number, AbortController>();
let shared: SharedOrder;
const report = (message: Report): void => port.postMessage(message);

async function run(order: Extract<Order, { kind: 'convert' }>): Promise<void> {
  const { id, source, destination, rejects } = order;
  const { options, reportsProgress } = shared;
  const controller = new AbortController();
  controllers.set(id, controller);
  try {
    const { errors, ...result } = await runPlan({
      source,
      destination,
      options: {
        ...options,
        rejects,
        onProgress: reportsProgress ? (progress) => reportProgress(id, progress) : undefined,
        signal: controller.signal,
      },
    });
    report({ id, kind: 'succeeded', result, errors: errors.map(toWire) });
  } catch (error) {
    report({ id, kind: 'failed', error: toWire(error) });
  } finally {
    controllers.delete(id);
  }
}

/** Of a file that is done before, its end tells enough: each report wakes the thread that waits, which takes a processor. */
function reportProgress(id: number, progress: Progress): void {
  if (progress.elapsedMs >= leastInterval) report({ id, kind: 'progress', progress });
}

function abort(id: number | undefined): void {
  if (id === undefined) for (const controller of controllers.values()) controller.abort();
  else controllers.get(id)?.abort();
}

/** What else listens for the exit of this thread, as those do who remove its temps, has begun to listen earlier. */
function leave(): never {
  process.once('exit', () => {
    Atomics.store(ended, 0, 1);
    Atomics.notify(ended, 0);
  });
  process.exit();
}

port.on('message', (order: Order) => {
  if (order.kind === 'begin') ({ shared } = order);
  else if (order.kind === 'abort') abort(order.id);
  else if (order.kind === 'exit') leave();
  else void run(order);
});

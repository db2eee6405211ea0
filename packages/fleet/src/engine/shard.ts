import { FleetError } from '../fleet-error.ts';
import type { Engine } from './engine.ts';
import { local } from './local.ts';

/**
 * One task of an array job (Slurm, Kubernetes Indexed Job, AWS Batch): every `of`th range, from
 * number `index` on, counted from 0. There is no queue: a task that was killed is started again.
 *
 * @throws {FleetError} `BAD_OPTION`
 */
export function shard(index: number, of: number): Engine {
  if (!Number.isSafeInteger(of) || of < 1 || !Number.isSafeInteger(index) || index < 0 || index >= of) {
    throw new FleetError('BAD_OPTION', `there is no shard ${index} of ${of}`, {
      hint: 'Shards are counted from 0: 0/4 to 3/4',
    });
  }
  return {
    name: 'shard',
    isShared: false,
    join: async (run, ranges) => {
      const queue = await local().join(run, ranges);
      return {
        put: (some) => queue.put([...some].filter((range) => range % of === index)),
        take: (signal) => queue.take(signal),
        close: () => queue.close(),
      };
    },
  };
}

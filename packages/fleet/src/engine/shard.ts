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
    owns: (range) => range % of === index,
    join: (run, ranges) => local().join(run, ranges),
  };
}

/** The variables in which array jobs tell a task its number. */
const numberVariables = ['SLURM_ARRAY_TASK_ID', 'JOB_COMPLETION_INDEX', 'AWS_BATCH_JOB_ARRAY_INDEX'] as const;

/**
 * The shard of a task of an array job, by the environment that it is started with: of Slurm, a
 * Kubernetes Indexed Job or AWS Batch.
 *
 * @param of Number of shards, where a task has its own number from 0. Default: what the environment says,
 * which Slurm does, also of arrays that begin elsewhere or leave numbers out, and AWS Batch; Kubernetes does not.
 * @throws {FleetError} `BAD_OPTION` where there is no such task, or it is not said how many there are.
 */
export function shardOf(env: Readonly<Record<string, string | undefined>>, of?: number): Engine {
  const variable = numberVariables.find((name) => env[name] !== undefined);
  if (variable === undefined) {
    throw new FleetError('BAD_OPTION', 'this is no task of an array job', {
      hint: `Say which shard it is (0/1 for all of it), or start it where one of ${numberVariables.join(', ')} is set`,
    });
  }
  const number = Number(env[variable]);
  if (of !== undefined) return shard(number, of);
  if (variable === 'SLURM_ARRAY_TASK_ID') {
    const { SLURM_ARRAY_TASK_MIN = '0', SLURM_ARRAY_TASK_STEP = '1', SLURM_ARRAY_TASK_COUNT } = env;
    const index = (number - Number(SLURM_ARRAY_TASK_MIN)) / Number(SLURM_ARRAY_TASK_STEP);
    if (SLURM_ARRAY_TASK_COUNT !== undefined) return shard(index, Number(SLURM_ARRAY_TASK_COUNT));
  }
  const { AWS_BATCH_JOB_ARRAY_SIZE } = env;
  if (variable === 'AWS_BATCH_JOB_ARRAY_INDEX' && AWS_BATCH_JOB_ARRAY_SIZE !== undefined) {
    return shard(number, Number(AWS_BATCH_JOB_ARRAY_SIZE));
  }
  throw new FleetError('BAD_OPTION', `${variable} does not say of how many shards`, {
    hint: 'Say how many there are',
  });
}

// @ts-check
/**
 * Writes one target over and over, as `node race.mjs SUBJECT TARGET SPEC`: `rounds` versions in each of
 * `threads` worker threads (0: in the main thread), numbered from `firstId`, no two of the same size. Says on
 * standard output which of them were written, and what failed.
 */
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

import { subjects } from './subjects.mjs';
import { version } from './version.mjs';

/**
 * @typedef {{ firstId: number, rounds: number, threads: number, size: number } & import('./subjects.mjs').Settings} RaceSpec
 * @typedef {{ subject: string, target: string, spec: RaceSpec }} Task
 * @typedef {{ written: number, errors: string[] }} Score
 */

/** @param {Task} task @returns {Promise<Score>} */
async function writeRounds({ subject, target, spec }) {
  const write = subjects[subject];
  if (write === undefined) throw new Error(`No writer is called ${subject}`);
  /** @type {Score} */
  const score = { written: 0, errors: [] };
  for (let round = 0; round < spec.rounds; round += 1) {
    const id = spec.firstId + round;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one version after the other
      await write(target, version(id, spec.size + id * 997), spec);
      score.written += 1;
    } catch (error) {
      score.errors.push(String(error));
    }
  }
  return score;
}

/** @param {Task} task @param {number} index @returns {Promise<Score>} */
function inThread(task, index) {
  return new Promise((resolve, reject) => {
    const spec = { ...task.spec, firstId: task.spec.firstId + index * task.spec.rounds };
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { ...task, spec } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (isMainThread) {
  const [subject = '', target = '', text = '{}'] = process.argv.slice(2);
  /** @type {Task} */
  const task = { subject, target, spec: JSON.parse(text) };
  const { threads } = task.spec;
  const scores =
    threads === 0
      ? [await writeRounds(task)]
      : await Promise.all(Array.from({ length: threads }, (_, index) => inThread(task, index)));
  process.stdout.write(
    JSON.stringify({
      written: scores.reduce((sum, { written }) => sum + written, 0),
      errors: scores.flatMap(({ errors }) => errors),
    }),
  );
} else {
  // That of worker threads has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(await writeRounds(workerData));
}

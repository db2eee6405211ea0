import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { type Job, Queue as BullQueue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

import { FleetError } from '../fleet-error.ts';
import type { RunFolder } from '../run-directory/layout.ts';
import type { Engine, Lease, Queue } from './engine.ts';
import { checkPersistence } from './persistence.ts';

export interface BullmqOptions {
  /** `redis://` or `rediss://`, with user and password if need be. Default: the environment's `REDIS_URL`. */
  readonly url?: string | undefined;
  /**
   * Milliseconds after which a range goes to another worker if its own has not been heard of. Default
   * 30,000.
   */
  readonly leaseTime?: number | undefined;
  /** Takes a server that forgets its queue when it ends, or that throws jobs away. Default `false`. */
  readonly allowVolatile?: boolean | undefined;
}

/** Ranges queued by one command. */
const bulkSize = 1000;
/** Milliseconds between two looks at an empty queue whose ranges others still have. */
const pollInterval = 200;
/** A job that stalls goes on to the next worker as often as it takes; BullMQ would fail it at the second time. */
const everyStall = 1_000_000;

/**
 * Workers on any number of machines, through BullMQ on Redis or Valkey. The queue holds ranges of the
 * plan, not files; what it loses is queued again from the plan.
 *
 * @throws {FleetError} `BAD_OPTION` without a URL, or for a server that would lose its queue.
 */
export function bullmq(options: BullmqOptions = {}): Engine {
  const { url = process.env['REDIS_URL'], leaseTime = 30_000, allowVolatile = false } = options;
  if (url === undefined || !/^rediss?:\/\//.test(url)) {
    throw new FleetError('BAD_OPTION', 'no server is named', {
      hint: 'Give url, or set REDIS_URL, as in redis://localhost:6379',
    });
  }
  return {
    name: 'bullmq',
    isShared: true,
    join: (run) => BullmqQueue.connect(run, url, { leaseTime, allowVolatile }),
  };
}

interface RangeData {
  readonly range: number;
}

class BullmqQueue implements Queue {
  readonly #queue: BullQueue<RangeData>;
  readonly #worker: Worker<RangeData>;
  readonly #leaseTime: number;

  private constructor(queue: BullQueue<RangeData>, worker: Worker<RangeData>, leaseTime: number) {
    this.#queue = queue;
    this.#worker = worker;
    this.#leaseTime = leaseTime;
  }

  static async connect(
    run: RunFolder,
    url: string,
    { leaseTime, allowVolatile }: { readonly leaseTime: number; readonly allowVolatile: boolean },
  ): Promise<BullmqQueue> {
    const name = `x-fleet-${basename(run.path)}`;
    // Commands wait for a server that is away; who waits for them has a signal.
    const connection = { url, maxRetriesPerRequest: null };
    const queue = new BullQueue<RangeData>(name, { connection });
    const worker = new Worker<RangeData>(name, undefined, {
      connection,
      autorun: false,
      lockDuration: leaseTime,
      stalledInterval: leaseTime,
      maxStalledCount: everyStall,
    });
    // Each command tells of its own failure; without a listener the process would end.
    queue.on('error', () => undefined);
    worker.on('error', () => undefined);
    try {
      if (!allowVolatile) checkPersistence(await infoOf(url));
      await worker.startStalledCheckTimer();
      return new BullmqQueue(queue, worker, leaseTime);
    } catch (error) {
      await Promise.all([worker.close(true), queue.close()]);
      throw error;
    }
  }

  async put(ranges: Iterable<number>): Promise<void> {
    const list = [...ranges];
    for (let at = 0; at < list.length; at += bulkSize) {
      await this.#queue.addBulk(
        list.slice(at, at + bulkSize).map((range) => ({
          name: 'range',
          data: { range },
          // A job that is kept would keep its id, and one with a known id is not queued again.
          opts: { jobId: `range-${range}`, removeOnComplete: true, removeOnFail: true },
        })),
      );
    }
  }

  async take(signal?: AbortSignal): Promise<Lease | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      const token = randomUUID();
      const job = await abortable(this.#worker.getNextJob(token, { block: false }), signal);
      if (job) return new BullmqLease(job, token, this.#leaseTime);
      const counts = await abortable(this.#queue.getJobCounts('wait', 'active', 'delayed'), signal);
      if (Object.values(counts).every((count) => count === 0)) return undefined;
      await wait(pollInterval, undefined, signal ? { signal } : {});
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#worker.close(true), this.#queue.close()]);
  }
}

class BullmqLease implements Lease {
  readonly range: number;
  readonly #job: Job<RangeData>;
  readonly #token: string;
  readonly #leaseTime: number;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #extendedAt = performance.now();

  constructor(job: Job<RangeData>, token: string, leaseTime: number) {
    this.range = job.data.range;
    this.#job = job;
    this.#token = token;
    this.#leaseTime = leaseTime;
    this.#timer = setInterval(() => void this.#renew(), leaseTime / 3);
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  async isHeld(): Promise<boolean> {
    await this.#renew();
    return !this.#lost.signal.aborted;
  }

  async settle(outcome: 'done' | 'retry'): Promise<void> {
    clearInterval(this.#timer);
    try {
      if (outcome === 'done') await this.#job.moveToCompleted(undefined, this.#token, false);
      else await this.#job.moveToWait(this.#token);
    } catch (error) {
      // It is another worker's by now, who finds in the run what is done.
      this.#lose(error);
    }
  }

  /** A server that does not answer is as bad as one that says no: after so long the range is given away. */
  async #renew(): Promise<void> {
    const asked = performance.now();
    if (asked - this.#extendedAt > this.#leaseTime) this.#lose(undefined);
    if (this.#lost.signal.aborted) return;
    const late = wait(this.#leaseTime, 'late', { ref: false });
    try {
      const answer = await Promise.race([this.#job.extendLock(this.#token, this.#leaseTime), late]);
      if (answer === 1) this.#extendedAt = asked;
      else this.#lose(undefined);
    } catch (error) {
      this.#lose(error);
    }
  }

  #lose(cause: unknown): void {
    clearInterval(this.#timer);
    const problem = `range ${this.range} has been given to another worker`;
    this.#lost.abort(new FleetError('LEASE_LOST', problem, { cause }));
  }
}

async function infoOf(url: string): Promise<string> {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  try {
    return await redis.info();
  } finally {
    redis.disconnect();
  }
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', fail, { signal: settled.signal, once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    settled.abort();
  }
}

import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { type Job, Queue as BullQueue, Worker } from 'bullmq';

import { FleetError } from '../fleet-error.ts';
import type { RunFolder } from '../run-directory/layout.ts';
import { BullmqLease, type RangeData } from './bullmq-lease.ts';
import type { Engine, Lease, Queue } from './engine.ts';
import { checkPersistence, persistenceWarning } from './persistence.ts';
import { RedisConnection, type ServerAddress, withoutSecrets } from './redis-connection.ts';
import { Noticeboard } from './noticeboard.ts';

export interface BullmqOptions {
  /**
   * `redis://`, or `rediss://` for TLS, with user and password if need be. Default: `REDIS_URL` of the
   * environment. Where it has no password, `REDIS_USERNAME` and `REDIS_PASSWORD` are used.
   */
  readonly url?: string | undefined;
  /**
   * Milliseconds after which a range goes to another worker if its own has not been heard of. Default
   * 30,000.
   */
  readonly leaseTime?: number | undefined;
  /** Milliseconds that a server may be silent before the work ends with `ENGINE_LOST`. Default 60,000. */
  readonly connectionTimeout?: number | undefined;
  /** Takes a server that forgets its queue when it ends, or that throws jobs away. Default `false`. */
  readonly allowVolatile?: boolean | undefined;
  /** Told what is not quite right. Default: a warning of the process. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

export interface BullmqEngine extends Engine {
  /** Looks at the runs that are queued on the server, whoever queued them. */
  openNoticeboard(): Promise<Noticeboard>;
  /** Removes what the server has of a run: for one that was cancelled. */
  forget(run: RunFolder): Promise<void>;
}

/** Milliseconds that a server has at least to forget a run, before it is left with it. */
const farewellTime = 5000;

/** Ranges queued by one command. */
const bulkSize = 1000;
/** Milliseconds between two looks at an empty queue whose ranges others still have: the first, and the longest. */
const pollIntervals = { first: 200, longest: 2000 } as const;
/** A job that stalls goes on to the next worker as often as it takes; BullMQ would fail it at the second time. */
const everyStall = 1_000_000;

interface Settings {
  readonly leaseTime: number;
  readonly connectionTimeout: number;
  readonly allowVolatile: boolean;
  readonly onWarning: (warning: string) => void;
}

/**
 * Workers on any number of machines, through BullMQ on Redis or Valkey. The queue holds ranges of the
 * plan, not files; what it loses is queued again from the plan.
 *
 * @throws {FleetError} `BAD_OPTION` without a URL, or for a server that would lose its queue; `ENGINE_LOST`
 * when the server does not answer, or does not let this worker in.
 */
export function bullmq(options: BullmqOptions = {}): BullmqEngine {
  const { env } = process;
  const { url = env['REDIS_URL'] } = options;
  if (url !== undefined && (!/^rediss?:\/\//.test(url) || !URL.canParse(url))) {
    // Not the URL itself, which may hold a password.
    throw new FleetError('BAD_OPTION', 'the URL of the server cannot be read', {
      hint: 'As in redis://user:password@host:6379; in a password, / is written %2F, @ is %40 and : is %3A',
    });
  }
  if (url === undefined) {
    throw new FleetError('BAD_OPTION', 'no server is named', {
      hint: 'Give url, or set REDIS_URL, as in redis://localhost:6379',
    });
  }
  const address = { url, username: env['REDIS_USERNAME'], password: env['REDIS_PASSWORD'] };
  const settings: Settings = {
    leaseTime: options.leaseTime ?? 30_000,
    connectionTimeout: options.connectionTimeout ?? 60_000,
    allowVolatile: options.allowVolatile ?? false,
    onWarning: options.onWarning ?? ((warning) => process.emitWarning(warning, 'FleetWarning')),
  };
  return {
    name: 'bullmq',
    isShared: true,
    owns: () => true,
    join: (run) => BullmqQueue.connect(run, address, settings),
    forget: async (run) => {
      const queue = await BullmqQueue.connect(run, address, settings);
      try {
        await queue.forget();
      } finally {
        await queue.close();
      }
    },
    openNoticeboard: async () => new Noticeboard(await connect(address, settings)),
  };
}

async function connect(address: ServerAddress, settings: Settings): Promise<RedisConnection> {
  const { leaseTime, connectionTimeout, allowVolatile, onWarning } = settings;
  const connection = new RedisConnection(address, { silence: leaseTime, timeout: connectionTimeout });
  try {
    await connection.ready((reason) => onWarning(`waiting for the server, which does not answer${reason}`));
    if (!allowVolatile) {
      checkPersistence(await connection.answered(connection.client.info()));
      const warning = persistenceWarning(await appendfsyncOf(connection));
      if (warning !== undefined) onWarning(warning);
    }
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function appendfsyncOf({ client }: RedisConnection): Promise<string | undefined> {
  try {
    return (await client.config('GET', 'appendfsync'))[1];
  } catch {
    // Hosted servers let nobody ask.
    return undefined;
  }
}

class BullmqQueue implements Queue {
  readonly #run: RunFolder;
  readonly #connection: RedisConnection;
  readonly #queue: BullQueue<RangeData>;
  readonly #worker: Worker<RangeData>;
  readonly #leaseTime: number;
  readonly #told: (error: unknown) => Error;
  /** Ranges on their way to somebody who has stopped waiting for them. */
  readonly #strays = new Set<Promise<void>>();

  private constructor(
    run: RunFolder,
    connection: RedisConnection,
    address: ServerAddress,
    { leaseTime }: Settings,
  ) {
    const name = `x-fleet-${basename(run.path)}`;
    this.#run = run;
    this.#connection = connection;
    this.#leaseTime = leaseTime;
    this.#told = (error) => withoutSecrets(error, address);
    this.#queue = new BullQueue<RangeData>(name, {
      connection: connection.client,
      // A list of what has happened, which nobody reads.
      streams: { events: { maxLen: 0 } },
    });
    this.#worker = new Worker<RangeData>(name, undefined, {
      connection: connection.client,
      autorun: false,
      lockDuration: leaseTime,
      stalledInterval: leaseTime,
      maxStalledCount: everyStall,
    });
    // Each command tells of its own failure; without a listener the process would end.
    this.#queue.on('error', () => undefined);
    this.#worker.on('error', () => undefined);
  }

  static async connect(run: RunFolder, address: ServerAddress, settings: Settings): Promise<BullmqQueue> {
    const connection = await connect(address, settings);
    const queue = new BullmqQueue(run, connection, address, settings);
    try {
      await connection.answered(queue.#worker.startStalledCheckTimer());
      return queue;
    } catch (error) {
      await queue.close();
      throw error;
    }
  }

  async put(ranges: Iterable<number>): Promise<void> {
    const list = [...ranges];
    for (let at = 0; at < list.length; at += bulkSize) {
      await this.#connection.answered(
        this.#queue.addBulk(
          list.slice(at, at + bulkSize).map((range) => ({
            name: 'range',
            data: { range },
            // A job that is kept would keep its id, and one with a known id is not queued again.
            opts: { jobId: `range-${range}`, removeOnComplete: true, removeOnFail: true },
          })),
        ),
      );
    }
    await new Noticeboard(this.#connection).announce(this.#run);
  }

  async take(signal?: AbortSignal): Promise<Lease | undefined> {
    for (let pause: number = pollIntervals.first; ; pause = Math.min(2 * pause, pollIntervals.longest)) {
      signal?.throwIfAborted();
      const token = randomUUID();
      const askedAt = performance.now();
      const asked = this.#worker.getNextJob(token, { block: false });
      let job: Job<RangeData> | undefined;
      try {
        job = await this.#connection.answered(asked, signal);
      } catch (error) {
        this.#giveBack(asked, token);
        throw error;
      }
      if (job) {
        return new BullmqLease(job, token, { leaseTime: this.#leaseTime, askedAt, told: this.#told });
      }
      const counts = await this.#connection.answered(
        this.#queue.getJobCounts('wait', 'active', 'delayed'),
        signal,
      );
      if (Object.values(counts).every((count) => count === 0)) return undefined;
      await wait(pause, undefined, signal ? { signal } : {});
    }
  }

  async close({ isOver = false } = {}): Promise<void> {
    const { client } = this.#connection;
    try {
      if (client.status === 'ready') {
        const farewell = async (): Promise<void> => {
          await Promise.all(this.#strays);
          if (!isOver) return;
          // Or it would go on to look for stalled work, and write down that it has.
          await this.#worker.close(true);
          await this.forget();
        };
        const patience = Math.max(this.#leaseTime, farewellTime);
        await Promise.race([farewell(), wait(patience, undefined, { ref: false })]);
      }
    } catch (error) {
      // The run has ended all the same; what is left of it takes room on the server.
      process.emitWarning(`the server has kept the queue: ${this.#told(error).message}`, 'FleetWarning');
    } finally {
      // Before the others, who would wait for a server that is away.
      this.#connection.close();
      await Promise.all([this.#worker.close(true), this.#queue.close()]);
    }
  }

  async forget(): Promise<void> {
    // It is paused first; of two who do it at once, one finds that the other has removed that as well.
    const removed = this.#queue.obliterate({ force: true }).catch((error: Error) => {
      if (!error.message.includes('non-paused')) throw error;
    });
    await this.#connection.answered(removed);
    await new Noticeboard(this.#connection).remove(basename(this.#run.path));
  }

  #giveBack(asked: Promise<Job<RangeData> | undefined>, token: string): void {
    const stray = asked
      .then((job) => job?.moveToWait(token))
      .then(
        () => undefined,
        // It has not come, or its lease ends by itself.
        () => undefined,
      );
    this.#strays.add(stray);
    void stray.finally(() => this.#strays.delete(stray));
  }
}

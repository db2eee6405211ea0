import { setTimeout as wait } from 'node:timers/promises';

import type { Job } from 'bullmq';

import { FleetError } from '../fleet-error.ts';
import type { Lease } from './engine.ts';

export interface RangeData {
  readonly range: number;
}

export class BullmqLease implements Lease {
  readonly range: number;
  readonly #job: Job<RangeData>;
  readonly #token: string;
  readonly #leaseTime: number;
  readonly #told: (error: unknown) => Error;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** When the server was asked for the lease that it gave last. */
  #extendedAt: number;

  /**
   * @param askedAt When it was asked for, by `performance.now()`.
   * @param told Makes an error of the server's one that says nothing secret.
   */
  constructor(
    job: Job<RangeData>,
    token: string,
    {
      leaseTime,
      askedAt,
      told,
    }: { readonly leaseTime: number; readonly askedAt: number; readonly told: (error: unknown) => Error },
  ) {
    this.range = job.data.range;
    this.#job = job;
    this.#token = token;
    this.#leaseTime = leaseTime;
    this.#told = told;
    this.#extendedAt = askedAt;
    this.#timer = setInterval(() => void this.#renew(), leaseTime / 3);
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Asks the server only where it has not been heard of for half the time of the lease, as after a stall. */
  async isHeld(): Promise<boolean> {
    if (performance.now() - this.#extendedAt > this.#leaseTime / 2) await this.#renew();
    return !this.#lost.signal.aborted;
  }

  async settle(outcome: 'done' | 'retry'): Promise<void> {
    clearInterval(this.#timer);
    if (this.#lost.signal.aborted) return;
    const answer =
      outcome === 'done'
        ? this.#job.moveToCompleted(undefined, this.#token, false)
        : this.#job.moveToWait(this.#token);
    const late = wait(this.#leaseTime, undefined, { ref: false });
    try {
      await Promise.race([answer, late]);
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

  #lose(error: unknown): void {
    clearInterval(this.#timer);
    const problem = `range ${this.range} has been given to another worker`;
    const cause = error === undefined ? undefined : this.#told(error);
    this.#lost.abort(new FleetError('LEASE_LOST', problem, { cause }));
  }
}

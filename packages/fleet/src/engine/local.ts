import type { Engine, Lease, Queue } from './engine.ts';

/** The workers of this process, and no server. What it forgets when it ends, resuming reads from the run. */
export const local = (): Engine => ({
  name: 'local',
  isShared: false,
  owns: () => true,
  join: () => Promise.resolve(new LocalQueue()),
});

const held = new AbortController().signal;

class LocalQueue implements Queue {
  readonly #waiting = new Set<number>();
  #active = 0;
  #wake: (() => void)[] = [];

  put(ranges: Iterable<number>): Promise<void> {
    for (const range of ranges) this.#waiting.add(range);
    this.#wakeAll();
    return Promise.resolve();
  }

  async take(signal?: AbortSignal): Promise<Lease | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      const [range] = this.#waiting;
      if (range !== undefined) return this.#lease(range);
      if (this.#active === 0) return undefined;
      // Whoever has a range may give it back.
      await this.#change(signal);
    }
  }

  close(): Promise<void> {
    this.#waiting.clear();
    this.#wakeAll();
    return Promise.resolve();
  }

  #lease(range: number): Lease {
    this.#waiting.delete(range);
    this.#active += 1;
    return {
      range,
      signal: held,
      isHeld: () => Promise.resolve(true),
      settle: (outcome) => {
        this.#active -= 1;
        if (outcome === 'retry') this.#waiting.add(range);
        this.#wakeAll();
        return Promise.resolve();
      },
    };
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake.push(wake);
      signal?.addEventListener('abort', wake);
    });
  }

  #wakeAll(): void {
    const woken = this.#wake;
    this.#wake = [];
    for (const wake of woken) wake();
  }
}

import type { ByteSink } from '../contract.ts';

/** Keeps a copy of what it is given. */
export class MemorySink implements ByteSink {
  readonly #chunks: Uint8Array[] = [];

  write(chunk: Uint8Array): void {
    this.#chunks.push(Uint8Array.from(chunk));
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/** Takes its time, and sees whether it is left alone with each chunk until it is done. */
export class SlowSink implements ByteSink {
  readonly #memory = new MemorySink();
  #isBusy = false;
  /** What the writer did that it must not do. */
  readonly breaches: string[] = [];

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#isBusy) this.breaches.push('wrote before the sink was done with the chunk before');
    this.#isBusy = true;
    const given = Uint8Array.from(chunk);
    // Long enough for a writer that does not wait to go on.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (Buffer.compare(given, chunk) !== 0) this.breaches.push('changed a chunk that the sink still had');
    this.#memory.write(given);
    this.#isBusy = false;
  }

  get bytes(): Uint8Array {
    return this.#memory.bytes;
  }
}

/** Fails when that many chunks have been taken. */
export class FailingSink implements ByteSink {
  readonly error = new Error('the disk is full');
  hasFailed = false;
  #left: number;
  readonly #atOnce: boolean;

  /** `atOnce`: throws, rather than giving a promise that rejects. */
  constructor(chunks: number, atOnce: boolean) {
    this.#left = chunks;
    this.#atOnce = atOnce;
  }

  write(): void | Promise<void> {
    if (this.#left-- > 0) return undefined;
    this.hasFailed = true;
    if (this.#atOnce) throw this.error;
    return Promise.reject(this.error);
  }
}

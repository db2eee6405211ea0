import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { pulled } from '../handover.ts';
import { UnlessAborted } from '../unless-aborted.ts';
import type { ByteOutput, Produce } from './destination.ts';

/**
 * Writes into a stream as Node.js's own `pipeline` does: ends it when all is written, destroys it
 * on failure so that whoever reads it sees that it is not complete, and leaves the process's
 * standard streams open.
 */
export class NodeStreamDestination implements ByteOutput {
  readonly atomic = false;
  readonly #stream: Writable;
  readonly #signal: AbortSignal | undefined;

  constructor(stream: Writable, signal: AbortSignal | undefined) {
    this.#stream = stream;
    this.#signal = signal;
  }

  get #isStandard(): boolean {
    return this.#stream === process.stdout || this.#stream === process.stderr;
  }

  async writeAll(produce: Produce): Promise<void> {
    await pipeline(Readable.from(copies(produce), { objectMode: false }), this.#stream, {
      end: !this.#isStandard,
      // Its reader may have stopped without a word.
      ...(this.#signal && { signal: this.#signal }),
    });
  }

  async commit(): Promise<void> {}

  /** Without an error, which would end the process where nobody listens for it. */
  async discard(): Promise<void> {
    if (!this.#isStandard) this.#stream.destroy();
  }
}

/** The same for a web stream, which is aborted on failure. */
export class WebStreamDestination implements ByteOutput {
  readonly atomic = false;
  readonly #stream: WritableStream<Uint8Array>;
  readonly #signal: AbortSignal | undefined;

  constructor(stream: WritableStream<Uint8Array>, signal: AbortSignal | undefined) {
    this.#stream = stream;
    this.#signal = signal;
  }

  async writeAll(produce: Produce): Promise<void> {
    const writer = this.#stream.getWriter();
    const signal = this.#signal;
    const unlessAborted = new UnlessAborted(signal);
    const abort = (): void => void writer.abort(signal!.reason).catch(() => undefined);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      for await (const chunk of copies(produce)) await unlessAborted.wait(writer.write(chunk));
      await unlessAborted.wait(writer.close());
    } finally {
      signal?.removeEventListener('abort', abort);
      unlessAborted.close();
      writer.releaseLock();
    }
  }

  async commit(): Promise<void> {}

  async discard(reason: unknown): Promise<void> {
    // Nothing is left to do where it has failed or ended by itself.
    if (this.#stream.locked) return;
    const aborted = this.#stream.abort(reason).catch(() => undefined);
    // A stream waits for its last write, which may never end; after an abort nobody waits for that.
    if (this.#signal?.aborted !== true) await aborted;
  }
}

/** A stream may hold a chunk back for longer than the chunk lasts. */
async function* copies(produce: Produce): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of pulled<Uint8Array>((write) => produce({ write }))) yield Uint8Array.from(chunk);
}

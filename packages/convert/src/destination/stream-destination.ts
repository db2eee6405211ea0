import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { ByteOutput } from './destination.ts';

/**
 * Writes into a stream as Node.js's own `pipeline` does: ends it when all is written, destroys it
 * on failure so that whoever reads it sees that it is not complete, and leaves the process's
 * standard streams open.
 */
export class NodeStreamDestination implements ByteOutput {
  readonly atomic = false;
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  get #isStandard(): boolean {
    return this.#stream === process.stdout || this.#stream === process.stderr;
  }

  async writeAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    await pipeline(Readable.from(copies(chunks), { objectMode: false }), this.#stream, {
      end: !this.#isStandard,
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

  constructor(stream: WritableStream<Uint8Array>) {
    this.#stream = stream;
  }

  async writeAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const writer = this.#stream.getWriter();
    try {
      for await (const chunk of copies(chunks)) {
        await writer.ready;
        await writer.write(chunk);
      }
      await writer.close();
    } finally {
      writer.releaseLock();
    }
  }

  async commit(): Promise<void> {}

  async discard(reason: unknown): Promise<void> {
    // Nothing is left to do where it has failed or ended by itself.
    if (!this.#stream.locked) await this.#stream.abort(reason).catch(() => undefined);
  }
}

/** A stream may hold a chunk back for longer than the chunk lasts. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) yield Uint8Array.from(chunk);
}

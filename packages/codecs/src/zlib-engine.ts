import type { Transform } from 'node:stream';

/** A stream of `node:zlib`; `bytesWritten` counts the input that the engine has used. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

/** How much of the input an engine took, and whether its member or frame came to its end. */
export interface Taken {
  taken: number;
  ended: boolean;
}

/**
 * A compression engine of `node:zlib`, fed a piece at a time through its public stream.
 *
 * One write is under way at any time: queued writes would hide which of them the engine took, and
 * make some versions of Node.js append an empty zstd frame.
 */
export class ZlibEngine {
  readonly #stream: ZlibStream;
  #error: Error | undefined;
  #ended = false;
  #wake: () => void = () => {};

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    stream.on('readable', () => this.#wake());
    stream.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    stream.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  /** Yields what the engine makes of `input`; returns when it has taken all of it, or wants no more. */
  async *write(input: Uint8Array): AsyncGenerator<Uint8Array, Taken, undefined> {
    const before = this.#stream.bytesWritten;
    let done = false;
    this.#stream.write(input, () => {
      done = true;
      this.#wake();
    });
    yield* this.#output(() => done);
    return { taken: this.#stream.bytesWritten - before, ended: this.#ended };
  }

  /** Yields what is left after the last input. Throws where the engine finds its input incomplete. */
  async *end(): AsyncGenerator<Uint8Array, void, undefined> {
    if (!this.#ended) this.#stream.end();
    yield* this.#output(() => false);
  }

  /** Frees the engine's memory. */
  close(): void {
    this.#stream.destroy();
  }

  async *#output(done: () => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const chunk: Uint8Array | null = this.#stream.read();
      if (chunk !== null) yield chunk;
      else if (this.#error !== undefined) throw this.#error;
      else if (this.#ended || done()) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

import type { Engine, Taken, ZlibStream } from './engine.ts';

/** Bytes of output a piece. */
const chunkSize = 256 * 1024;

/**
 * Drives the engine through its public stream.
 *
 * One write is under way at any time: queued writes would hide which of them the engine took, and
 * make some versions of Node.js append an empty zstd frame.
 */
export class StreamEngine implements Engine {
  readonly #create: () => ZlibStream;
  #stream: ZlibStream;
  #error: Error | undefined;
  #ended = false;
  #wake: () => void = () => {};

  constructor(create: (chunkSize: number) => ZlibStream) {
    this.#create = () => create(chunkSize);
    this.#stream = this.#open();
  }

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

  async *end(input?: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    if (!this.#ended) this.#stream.end(input);
    yield* this.#output(() => false);
  }

  reset(): void {
    this.#stream.destroy();
    this.#ended = false;
    this.#stream = this.#open();
  }

  close(): void {
    this.#stream.destroy();
  }

  #open(): ZlibStream {
    const stream = this.#create();
    stream.on('readable', () => this.#wake());
    stream.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    stream.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
    return stream;
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

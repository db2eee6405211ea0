import type { Engine, Taken } from '../engine/engine.ts';
import type { LzmaStream } from './lzma-native.ts';

/** An encoder of lzma-native, which works on the thread pool. */
export class LzmaEngine implements Omit<Engine, 'reset'> {
  readonly #stream: LzmaStream;
  #output: Uint8Array[] = [];
  #error: unknown;
  #settle: () => void = () => {};

  constructor(stream: LzmaStream) {
    this.#stream = stream;
    stream.bufferHandler = (output, inputs, error) => {
      if (output instanceof Uint8Array) this.#output.push(output);
      this.#error ??= error;
      if (typeof inputs === 'number' || this.#error !== undefined) this.#settle();
    };
  }

  async *write(input: Uint8Array): AsyncGenerator<Uint8Array, Taken, undefined> {
    yield* this.#run(input);
    return { taken: input.length, ended: false };
  }

  async *end(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#run(null);
  }

  close(): void {
    this.#stream.resetUnderlying();
  }

  async *#run(input: Uint8Array | null): AsyncGenerator<Uint8Array, void, undefined> {
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#stream.code(input, true);
    });
    if (this.#error !== undefined) throw this.#error;
    const output = this.#output;
    this.#output = [];
    yield* output;
  }
}

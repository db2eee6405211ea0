import * as zlib from 'node:zlib';

import type { Engine, EngineOptions, Taken, ZlibStream } from './engine.ts';
import type { OutputSpace } from '../output-buffers.ts';

/**
 * The object behind a stream of `node:zlib`. It is not public, which is why `handlesWork` tries
 * it out before anything depends on it.
 */
interface Handle {
  write(...step: Step): void;
  writeSync(...step: Step): void;
  reset(): void;
  close(): void;
  /** Called when an asynchronous step has succeeded. */
  cb: () => void;
  /** Called instead of `cb` when a step has failed. */
  onerror: (message: string, errno: number, code: string) => void;
  /** Keeps the memory of a running step alive. */
  buffer: unknown;
}

type Step = [
  flush: number,
  input: Uint8Array | null,
  inputOffset: number,
  inputLength: number,
  output: Uint8Array,
  outputOffset: number,
  outputLength: number,
];

interface HandleStream extends ZlibStream {
  _handle: Handle;
  /** After a step: bytes of output left free, bytes of input left over. */
  _writeState: Uint32Array;
}

const noFlush = 0;

/** No step leaves as much as that: a piece of input or output is shorter. */
const unreported = 2 ** 32 - 1;

/** Inputs up to this size are worked on at once: the way to the thread pool and back takes longer. */
const synchronousBytes = 4096;

/** Drives the engine directly, into buffers of our choice. */
export class HandleEngine implements Engine {
  readonly #handle: Handle;
  readonly #state: Uint32Array;
  readonly #options: EngineOptions;
  readonly #buffers: OutputSpace;
  /** Bytes at the beginning of the current buffer that wait for more. */
  #filled = 0;
  #failure: Error | undefined;
  #settle: () => void = () => {};

  constructor(create: (chunkSize: number) => ZlibStream, options: EngineOptions) {
    const stream = create(zlib.constants.Z_MIN_CHUNK);
    // oxlint-disable-next-line no-underscore-dangle -- the names are those of Node.js
    const { _handle: handle, _writeState: state } = stream as HandleStream;
    // What Node.js would do with the result of a step, it leaves undone for a destroyed stream.
    Object.defineProperty(stream, 'destroyed', { value: true });
    this.#handle = handle;
    this.#state = state.fill(unreported);
    this.#options = options;
    this.#buffers = options.buffers;
    handle.cb = () => this.#settle();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a handle is no event target
    handle.onerror = (message, errno, code) => {
      this.#failure = Object.assign(new Error(message), { errno, code });
      this.#settle();
    };
  }

  async *write(
    input: Uint8Array,
    moreIsThere: () => boolean = () => false,
  ): AsyncGenerator<Uint8Array, Taken, undefined> {
    const decompress = this.#options.direction === 'decompress';
    let taken = 0;
    for (;;) {
      const left = input.length - taken;
      const step = this.#step(noFlush, input, taken);
      if (left <= synchronousBytes) this.#handle.writeSync(...step);
      else await this.#run(step);
      const { free, rest } = this.#result();
      taken = input.length - rest;
      if (free > 0 && rest === 0 && moreIsThere()) return { taken, ended: false };
      yield* this.#handOver();
      if (free === 0) continue;
      // A decoder with room for output and no use for its input has come to its end. An encoder
      // on several threads takes its input in helpings.
      if (rest === 0 || decompress) return { taken, ended: rest > 0 };
    }
  }

  async *end(input: Uint8Array | null = null): AsyncGenerator<Uint8Array, void, undefined> {
    const length = input?.length ?? 0;
    let taken = 0;
    for (;;) {
      await this.#run(this.#step(this.#options.finish, input, taken));
      const { free, rest } = this.#result();
      taken = length - rest;
      yield* this.#handOver();
      if (free > 0) return;
    }
  }

  reset(): void {
    if (this.#options.family !== 'zstd') this.#handle.reset();
  }

  close(): void {
    // Some releases free the memory of zstd when the handle is collected, which may be hundreds of
    // MiB later; a reset frees it at once.
    if (this.#options.family === 'zstd') this.#handle.reset();
    this.#handle.close();
  }

  #step(flush: number, input: Uint8Array | null, taken: number): Step {
    const { current } = this.#buffers;
    const room = current.length - this.#filled;
    return [flush, input, taken, (input?.length ?? 0) - taken, current, this.#filled, room];
  }

  *#handOver(): Generator<Uint8Array, void, undefined> {
    const length = this.#filled;
    this.#filled = 0;
    if (length > 0) yield this.#buffers.handOver(length);
  }

  /** What the last step has left of its room and of its input. */
  #result(): { free: number; rest: number } {
    if (this.#failure !== undefined) throw this.#failure;
    const [free = unreported, rest = unreported] = this.#state;
    if (free === unreported || rest === unreported) throw new Error('the engine has told no result');
    this.#state.fill(unreported);
    this.#filled = this.#buffers.current.length - free;
    return { free, rest };
  }

  async #run(step: Step): Promise<void> {
    this.#handle.buffer = step;
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#handle.write(...step);
    });
    this.#handle.buffer = null;
  }
}

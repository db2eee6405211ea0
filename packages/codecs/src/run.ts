import { ByteCursor } from './byte-cursor.ts';
import type { StreamStats } from './byte-stream.ts';
import { CodecError } from './codec-error.ts';
import type { BytesSource } from './chunk-source.ts';
import type { Run } from './codec.ts';
import { Interruption } from './interruption.ts';
import { checkLimits, type ResolvedLimits } from './limits.ts';
import { workAhead } from './work-ahead.ts';

export interface RunOptions {
  source: BytesSource;
  stats: StreamStats;
  limits: ResolvedLimits;
  signal: AbortSignal | undefined;
  path: string | undefined;
  reuse: boolean;
}

/** A run that does not know its codec before it has seen the input. */
export type OpenRun = Run & { codec: string };

export type OpenKernel = (run: OpenRun) => AsyncGenerator<Uint8Array, void, undefined>;

/** One reading of a byte stream: a kernel at work, one piece ahead of its consumer. */
export class ByteRun implements AsyncIterableIterator<Uint8Array> {
  readonly #interruption: Interruption;
  readonly #input: ByteCursor;
  readonly #chunks: AsyncGenerator<Uint8Array, void, undefined>;
  #ended: Promise<IteratorResult<Uint8Array, void>> | undefined;

  constructor(kernel: OpenKernel, options: RunOptions) {
    this.#interruption = new Interruption(options.signal);
    this.#input = new ByteCursor(options.source, this.#interruption);
    this.#chunks = chunksOf(kernel, options, this.#input, this.#interruption);
    // An aborted run frees its engine at once, even if nobody asks for the next piece any more.
    this.#interruption.onInterrupt(() => void this.#end().catch(() => {}));
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    this.#interruption.throwIfAborted();
    try {
      return await this.#chunks.next();
    } finally {
      this.#interruption.throwIfAborted();
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.#interruption.stop();
    return this.#end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): Promise<IteratorResult<Uint8Array, void>> {
    return (this.#ended ??= this.#close());
  }

  async #close(): Promise<IteratorResult<Uint8Array, void>> {
    const ended = await this.#chunks.return();
    // A generator that is ended before it was asked for anything runs no `finally`.
    await this.#input.close();
    return ended;
  }
}

async function* chunksOf(
  kernel: OpenKernel,
  { stats, limits, path, reuse }: RunOptions,
  input: ByteCursor,
  interruption: Interruption,
): AsyncGenerator<Uint8Array, void, undefined> {
  let made = 0;
  const run: OpenRun = {
    codec: 'auto',
    input,
    stats,
    reuse,
    error: (code, problem, details) => {
      const { offset } = input;
      return new CodecError(code, { codec: run.codec, problem, offset, ...details, bytesOut: made, path });
    },
  };
  async function* limited(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of kernel(run)) {
      if (chunk.length === 0) continue;
      checkLimits(run, limits, input.received, made + chunk.length);
      made += chunk.length;
      yield chunk;
    }
  }
  const pieces = limited();
  let failed = false;
  try {
    for await (const chunk of workAhead(pieces)) {
      stats.bytesIn = input.received;
      stats.bytesOut += chunk.length;
      yield chunk;
    }
    stats.bytesIn = input.received;
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    interruption.release();
    await pieces.return();
    // As in a `for await` loop: an error on closing must not hide the one that led to it.
    await input.close().catch((error: unknown) => {
      if (!failed) throw error;
    });
  }
}

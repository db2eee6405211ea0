import { Duplex } from 'node:stream';

import type { ByteStream } from './byte-stream.ts';
import {
  compress,
  decompress,
  type CodecReference,
  type CompressSpec,
  type DecompressSpec,
  type StreamOptions,
} from './transcode.ts';
import { WriteGatherer } from './write-gatherer.ts';

/** {@link compress} as a stream for `pipeline()` of `node:stream`. */
export function createCompressor(spec: CodecReference | CompressSpec, options?: StreamOptions): Duplex {
  return new CodecDuplex((written) => compress(written, spec, options), options?.signal);
}

/** {@link decompress} as a stream for `pipeline()` of `node:stream`. */
export function createDecompressor(spec: CodecReference | DecompressSpec, options?: StreamOptions): Duplex {
  return new CodecDuplex((written) => decompress(written, spec, options), options?.signal);
}

type Callback = (error?: Error | null) => void;

class CodecDuplex extends Duplex {
  readonly #input = new WriteGatherer();
  readonly #output: AsyncIterableIterator<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  #reading = false;

  constructor(
    transcode: (written: AsyncIterable<Uint8Array>) => ByteStream,
    signal: AbortSignal | undefined,
  ) {
    super();
    this.#output = transcode(this.#input.chunks())[Symbol.asyncIterator]();
    this.#signal = signal;
    // Nobody may be reading, where an abort would show else.
    if (signal?.aborted === true) this.#abort();
    else signal?.addEventListener('abort', this.#abort, { once: true });
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: Callback): void {
    if (this.#input.gather(chunk)) callback();
    else this.#input.write([chunk], callback);
  }

  override _writev(writes: { chunk: Uint8Array }[], callback: Callback): void {
    this.#input.write(
      writes.map(({ chunk }) => chunk),
      callback,
    );
  }

  override _final(callback: Callback): void {
    this.#input.end(callback);
  }

  override _read(): void {
    if (!this.#reading) void this.#pushUntilFull();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    void this.#close(error, callback);
  }

  readonly #abort = (): void => void this.destroy(this.#signal?.reason as Error);

  async #pushUntilFull(): Promise<void> {
    this.#reading = true;
    try {
      for (;;) {
        const { done, value } = await this.#output.next();
        if (this.destroyed) return;
        if (!this.push(done === true ? null : value)) return;
      }
    } catch (error) {
      this.destroy(error as Error);
    } finally {
      this.#reading = false;
    }
  }

  async #close(error: Error | null, callback: Callback): Promise<void> {
    let failure = error;
    this.#signal?.removeEventListener('abort', this.#abort);
    try {
      const closed = this.#output.return?.();
      this.#input.abandon();
      await closed;
    } catch (closeError) {
      failure ??= closeError as Error;
    }
    callback(failure);
  }
}

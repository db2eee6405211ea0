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

/** Queued writes are joined up to this many bytes, since every write to an engine has a price. */
const gatherBytes = 256 * 1024;

/** {@link compress} as a stream for `pipeline()` of `node:stream`. */
export function createCompressor(spec: CodecReference | CompressSpec, options?: StreamOptions): Duplex {
  return new CodecDuplex((written) => compress(written, spec, options));
}

/** {@link decompress} as a stream for `pipeline()` of `node:stream`. */
export function createDecompressor(spec: CodecReference | DecompressSpec, options?: StreamOptions): Duplex {
  return new CodecDuplex((written) => decompress(written, spec, options));
}

type Callback = (error?: Error | null) => void;

/** What was written, until the codec asks for more; `bytes` is undefined at the end of the input. */
interface Written {
  bytes: Uint8Array | undefined;
  taken: Callback;
}

class CodecDuplex extends Duplex {
  readonly #output: AsyncIterableIterator<Uint8Array>;
  #written: Written | undefined;
  #wake: () => void = () => {};
  #reading = false;

  constructor(transcode: (written: AsyncIterable<Uint8Array>) => ByteStream) {
    super({ decodeStrings: true });
    this.#output = transcode(this.#input())[Symbol.asyncIterator]();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: Callback): void {
    this.#offer({ bytes: chunk, taken: callback });
  }

  override _writev(writes: { chunk: Uint8Array }[], callback: Callback): void {
    this.#offerGathered(
      writes.map(({ chunk }) => chunk),
      0,
      callback,
    );
  }

  override _final(callback: Callback): void {
    this.#offer({ bytes: undefined, taken: callback });
  }

  override _read(): void {
    if (!this.#reading) void this.#pushUntilFull();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    void this.#close(error, callback);
  }

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
    try {
      const closed = this.#output.return?.();
      this.#wake();
      await closed;
    } catch (closeError) {
      failure ??= closeError as Error;
    }
    callback(failure);
  }

  async *#input(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      while (this.#written === undefined && !this.destroyed) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      const written = this.#written;
      if (written?.bytes === undefined) {
        written?.taken();
        return;
      }
      try {
        yield written.bytes;
      } finally {
        this.#written = undefined;
        written.taken();
      }
    }
  }

  #offer(written: Written): void {
    this.#written = written;
    this.#wake();
  }

  #offerGathered(chunks: Uint8Array[], from: number, callback: Callback): void {
    let to = from;
    let length = 0;
    while (to < chunks.length && (to === from || length + (chunks[to]?.length ?? 0) <= gatherBytes)) {
      length += chunks[to]?.length ?? 0;
      to++;
    }
    const bytes = Buffer.concat(chunks.slice(from, to), length);
    const taken: Callback =
      to === chunks.length
        ? callback
        : (error) => (error ? callback(error) : this.#offerGathered(chunks, to, callback));
    this.#offer({ bytes, taken });
  }
}
